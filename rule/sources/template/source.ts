import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheOf } from '../../basics/memory.ts';
import type { PlannedFlowLog, SourceLine, StatementLanguage } from '../../model/world.ts';
import type { PlannedInput } from '../planned/input.ts';
import { assetFiles } from './cdk-output.ts';
import { readTemplateFiles, type FoundTemplate, type TemplateFiles } from './files.ts';
import { factsOfFlowLog } from './planned-flow-log.ts';
import { appLinesIn, sourceLine } from './source-line.ts';
import { labelOf, type Deployment, type Stack } from './stack.ts';
import { deploymentOf, type RootTemplate } from './stacks.ts';
import { isNestedStack, type Given, type Resource, type Template } from './template.ts';

/** Facts that are told about a deployment. */
export interface TemplateOptions {
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Values of parameters. */
  readonly given: Given;
}

/**
 * Reads CloudFormation templates, folders of templates, and the output of the CDK. Throws an Error for the value of a
 * parameter that no template has.
 */
export function readTemplates(paths: readonly string[], options: TemplateOptions): PlannedInput {
  const files = readTemplateFiles(paths, options.given);
  refuseUnknownParameters(options.given, files);
  const nested = (template: Template, resource: Resource) =>
    nestedTemplate(template, resource, files);
  const roots = rootsOf(files.found, nested);
  const deployment = deploymentOf({
    ...options,
    roots: rootTemplates(roots),
    nested,
    text: files.text(),
  });
  const metadata = new Map(roots.map(({ template, stack }) => [template, stack?.metadataFile]));
  return {
    flowLogs: plannedFlowLogs(
      deployment,
      cacheOf((template: Template) => appLinesIn(metadata.get(template))),
    ),
    madeUp: deployment.madeUp,
    language: languageOf(roots),
    problems: files.problems,
    remarks: files.remarks,
  };
}

/** A misspelt name would leave the default in place. */
function refuseUnknownParameters(given: Given, { found, problems }: TemplateFiles): void {
  const known = found.flatMap(({ template }) => Object.keys(template.parameters));
  const unknownName = Object.keys(given).find((name) => !known.includes(name));
  if (unknownName !== undefined && problems.length === 0)
    throw new Error(
      `no given template has a parameter ${unknownName}: ${known.length === 0 ? 'none has any' : `known are ${[...new Set(known)].slice(0, 10).join(', ')}`}`,
    );
}

function languageOf(roots: readonly FoundTemplate[]): StatementLanguage {
  if (roots.some(({ stack }) => stack !== undefined)) return 'cdk';
  return roots.some(({ template }) => template.language === 'yaml') ? 'cloudformation' : 'json';
}

/** The template of a nested stack: an asset of the app, or a file beside the template. */
function nestedTemplate(
  { file }: Template,
  resource: Resource,
  { templateAt }: TemplateFiles,
): Template | undefined {
  if (!isNestedStack(resource)) return undefined;
  const { TemplateURL: url = resource.properties.Location ?? '' } = resource.properties;
  const hash = /[0-9a-f]{64}/.exec(JSON.stringify(url))?.[0] ?? '';
  const name = assetFiles(dirname(file)).get(hash) ?? (typeof url === 'string' ? url : '');
  const path = join(dirname(file), name);
  return name !== '' && !name.includes('://') && existsSync(path) ? templateAt(path) : undefined;
}

/** The templates that no other template nests. Where templates nest each other in a circle, the first is a root. */
function rootsOf(
  found: readonly FoundTemplate[],
  nested: (template: Template, resource: Resource) => Template | undefined,
): readonly FoundTemplate[] {
  const inside = cacheOf((template: Template): readonly Template[] =>
    Object.values(template.resources)
      .flatMap((resource) => nested(template, resource) ?? [])
      .filter((each) => each !== template),
  );
  const isNested = new Set(found.flatMap(({ template }) => inside(template)));
  const reached = new Set<Template>();
  const reach = (template: Template): void => {
    if (reached.has(template)) return;
    reached.add(template);
    for (const each of inside(template)) reach(each);
  };
  const firstRoots = found.filter(({ template }) => !isNested.has(template));
  for (const { template } of firstRoots) reach(template);
  const inCircles = found.filter(({ template }) => {
    const isNew = !reached.has(template);
    reach(template);
    return isNew;
  });
  return [...firstRoots, ...inCircles];
}

/** Names each root template by its stack or file; by the whole path where a name stands twice. */
function rootTemplates(found: readonly FoundTemplate[]): readonly RootTemplate[] {
  const shortNames = found.map(
    ({ template, stack }) => stack?.stackName ?? withoutExtension(basename(template.file)),
  );
  return found.map(({ template, stack }, index) => {
    const short = shortNames[index] ?? '';
    const isUnique = shortNames.filter((each) => each === short).length === 1;
    const { account, region, stackName, dependencies = [] } = stack ?? {};
    const name = isUnique ? short : withoutExtension(template.file);
    return { template, name, stackName, account, region, dependencies };
  });
}

const withoutExtension = (name: string): string =>
  name.replace(/(\.template)?\.(json|ya?ml|template)$/i, '');

/** The flow logs of all stacks. A flow log of a nested stack has the name of its root, unless two flow logs share it. */
function plannedFlowLogs(
  deployment: Deployment,
  appLinesOf: (template: Template) => ReadonlyMap<string, SourceLine>,
): readonly PlannedFlowLog[] {
  const all = deployment.stacks.flatMap((stack) =>
    Object.entries(stack.template.resources).flatMap(([logicalId, resource]) =>
      resource.type === 'AWS::EC2::FlowLog'
        ? { short: labelOf(rootOf(stack), logicalId), stack, logicalId, resource }
        : [],
    ),
  );
  return all.map(({ short, stack, logicalId, resource }) => {
    const isUnique = all.filter((each) => each.short === short).length === 1;
    const id = isUnique ? short : labelOf(stack, logicalId);
    return {
      id,
      source: sourceLine(stack.template, logicalId, appLinesOf(stack.template)),
      resource: { templateFile: stack.template.file, logicalId },
      factsIn: factsOfFlowLog({ id, resource }, stack, deployment),
    };
  });
}

const rootOf = (stack: Stack): Stack =>
  stack.parent === undefined ? stack : rootOf(stack.parent.stack);
