import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PlannedFlowLog, SourceLine, StatementLanguage } from '../../model/world.ts';
import type { PlannedInput } from '../planned/input.ts';
import { assetFiles } from './cdk-output.ts';
import { readTemplateFiles, type FoundTemplate, type TemplateFiles } from './files.ts';
import { factsOfFlowLog } from './planned-flow-log.ts';
import { appLinesIn, sourceLine } from './source-line.ts';
import { labelOf, type Deployment, type Stack } from './stack.ts';
import { deploymentOf, type RootTemplate } from './stacks.ts';
import { membersOf, type Given, type Resource, type Template } from './template.ts';

/** What is told about a deployment. */
export interface TemplateOptions {
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Values of parameters. */
  readonly given: Given;
}

/** Reads CloudFormation templates, folders of templates, and the output of the CDK. */
export function readTemplates(paths: readonly string[], options: TemplateOptions): PlannedInput {
  const files = readTemplateFiles(paths, options.given);
  const nested = (template: Template, resource: Resource) =>
    nestedTemplate(template, resource, files);
  const isNested = new Set(files.found.flatMap(({ template }) => nestedIn(template, nested)));
  const roots = files.found.filter(({ template }) => !isNested.has(template));
  const deployment = deploymentOf({
    ...options,
    roots: rootTemplates(roots),
    nested,
    text: files.text(),
  });
  const metadata = new Map(roots.map(({ template, stack }) => [template, stack?.metadataFile]));
  return {
    flowLogs: flowLogsOf(deployment, (template) => appLinesIn(metadata.get(template))),
    madeUp: deployment.madeUp,
    language: languageOf(roots),
    problems: files.problems,
    remarks: files.remarks,
  };
}

function languageOf(roots: readonly FoundTemplate[]): StatementLanguage {
  if (roots.some(({ stack }) => stack !== undefined)) return 'cdk';
  return roots.some(({ template }) => template.language === 'yaml') ? 'cloudformation' : 'json';
}

/** The template of a nested stack: an asset of the app, or a file beside the template. */
function nestedTemplate(
  { file }: Template,
  { type, properties }: Resource,
  { templateAt }: TemplateFiles,
): Template | undefined {
  if (type !== 'AWS::CloudFormation::Stack') return undefined;
  const url = JSON.stringify(properties.TemplateURL ?? '');
  const [asset] = [...assetFiles(file)].filter(([hash]) => url.includes(hash));
  const name =
    asset?.[1] ?? (typeof properties.TemplateURL === 'string' ? properties.TemplateURL : '');
  const path = join(dirname(file), name);
  return name !== '' && !name.includes('://') && existsSync(path) ? templateAt(path) : undefined;
}

const nestedIn = (
  template: Template,
  nested: (template: Template, resource: Resource) => Template | undefined,
): readonly Template[] =>
  Object.values(template.resources).flatMap((resource) => nested(template, resource) ?? []);

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
function flowLogsOf(
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
