import { basename } from 'node:path';
import { cacheOf } from '../../basics/memory.ts';
import type { PlannedFlowLog, SourceLine, StatementLanguage } from '../../model/world.ts';
import type { Existing } from '../../model/existing.ts';
import type { PlannedInput } from '../planned/input.ts';
import { readTemplateFiles, type FoundTemplate, type TemplateFiles } from './files.ts';
import { nestedTemplates, rootsOf, stacksNotGiven } from './nested.ts';
import { factsOfFlowLog } from './planned-flow-log.ts';
import { appLinesIn, sourceLine } from './source-line.ts';
import { labelOf, type Deployment, type Stack } from './stack.ts';
import { deploymentOf, type RootTemplate } from './stacks.ts';
import { takesValues } from './parameters.ts';
import type { Template } from './template.ts';
import type { Given } from './known-list.ts';

/** Facts that are told about a deployment. */
export interface TemplateOptions {
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Values of parameters. */
  readonly given: Given;
  /** The account to ask for things that the templates name and do not contain. */
  readonly existing?: Existing | undefined;
}

/**
 * Reads CloudFormation templates, folders of templates, and the output of the CDK. Throws an Error for the value of a
 * parameter that no template has. A template that does not allow a value is a problem.
 */
export function readTemplates(paths: readonly string[], options: TemplateOptions): PlannedInput {
  const files = readTemplateFiles(paths, options.given);
  refuseUnknownParameters(options.given, files);
  const nested = nestedTemplates(files);
  const roots = rootsOf(files.found, nested).filter(({ template }) =>
    files.orProblem(template.file, () => takesValues(options.given, template)),
  );
  const deployment = deploymentOf({
    ...options,
    roots: rootTemplates(roots),
    nested,
    text: files.text(),
  });
  const metadata = new Map(roots.map(({ template, stack }) => [template, stack?.metadataFile]));
  const appLinesOf = cacheOf((template: Template) => appLinesIn(metadata.get(template)));
  return {
    flowLogs: plannedFlowLogs(deployment, appLinesOf),
    lineOf: lineByLabel(deployment, appLinesOf),
    madeUp: deployment.madeUp,
    language: languageOf(roots),
    problems: files.problems,
    remarks: [
      ...files.remarks,
      ...files.found.flatMap(stackSetsIn),
      ...stacksNotGiven(files.found, nested),
    ],
  };
}

/** A stack set has a template of its own, for other accounts. */
const stackSetsIn = ({ template: { file, resources } }: FoundTemplate): readonly string[] =>
  Object.entries(resources)
    .filter(([, { type }]) => type === 'AWS::CloudFormation::StackSet')
    .filter(([, { properties }]) => JSON.stringify(properties).includes('AWS::EC2::FlowLog'))
    .map(([name]) => `${file}: stack set ${name} has flow logs, judge its template apart`);

/** A misspelt name would leave the default in place. */
function refuseUnknownParameters(given: Given, { found, problems }: TemplateFiles): void {
  const known = found.flatMap(({ template }) => Object.keys(template.parameters));
  const unknownName = Object.keys(given).find((name) => !known.includes(name));
  if (unknownName === undefined || problems.length > 0) return;
  const shown = [...new Set(known)].slice(0, 10).join(', ');
  const others = shown === '' ? 'none has any' : `known are ${shown}`;
  throw new Error(`no given template has a parameter ${unknownName}: ${others}`);
}

function languageOf(roots: readonly FoundTemplate[]): StatementLanguage {
  if (roots.some(({ stack }) => stack !== undefined)) return 'cdk';
  return roots.some(({ template }) => template.language === 'yaml') ? 'cloudformation' : 'json';
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

/** The line of a resource by the name in reports. */
const lineByLabel =
  (
    { byType }: Deployment,
    appLinesOf: (template: Template) => ReadonlyMap<string, SourceLine>,
  ): PlannedInput['lineOf'] =>
  (name) => {
    const named = [...byType.values()]
      .flat()
      .find(({ stack, logicalId }) => labelOf(stack, logicalId) === name);
    if (named === undefined) return null;
    const { template } = named.stack;
    return sourceLine(template, named.logicalId, appLinesOf(template));
  };

/** The flow logs of all stacks. A flow log of a nested stack has the name of its root, unless two flow logs share it. */
export function plannedFlowLogs(
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
