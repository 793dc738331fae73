import type { Template } from './template.ts';

/** The function by which a template calls a macro for a part of itself. */
export const MACRO = 'Fn::Transform';

/** The next step where a macro writes a part of a template, in messages. */
export const JUDGE_DEPLOYED = 'judge it after deployment, with --live';

/** Macros of AWS that leave flow logs, buckets and keys as written. */
export const leavesAsWritten = (macro: string): boolean =>
  /^AWS::(Serverless-|LanguageExtensions|CodeDeployBlueGreen|SecretsManager-|CloudFormation::)/.test(
    macro,
  );

/** Whether a resource that a template lacks may come from a macro, as the role of a function of SAM, or from a module. */
export const isMadeByMacro = (logicalId: string, { transforms, resources }: Template): boolean =>
  transforms.some((name) => name !== 'AWS::LanguageExtensions') ||
  Object.entries(resources).some(
    ([module, { type }]) => type.endsWith('::MODULE') && logicalId.startsWith(module),
  );
