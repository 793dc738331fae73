import type {
  PolicyValidationPluginReport,
  PolicyViolatingResource,
  PolicyViolation,
} from 'aws-cdk-lib';
import { dirname, resolve, sep } from 'node:path';
import { groupBy } from '../basics/lists.ts';
import type { Question } from '../model/question.ts';
import type { PlannedFlowLog } from '../model/world.ts';
import { plannedRun } from '../remedy/planned-run.ts';
import type { Cause } from '../remedy/run.ts';
import { writeStatement } from '../remedy/write-statement.ts';
import { readTemplates, type TemplateOptions } from '../sources/template/source.ts';

/** The options of the validation, read. */
export interface Settings
  extends TemplateOptions, Pick<Question, 'requiredActions' | 'organizationId'> {
  readonly unknown: 'warning' | 'error';
}

/** Judges the templates of an app, and tells the CDK of blocked and unknown flow logs. */
export function validationReport(
  templatePaths: readonly string[],
  settings: Settings,
): PolicyValidationPluginReport {
  // The CDK asks an app without stacks too.
  if (templatePaths.length === 0) return { success: true, violations: [] };
  const { requiredActions, organizationId } = settings;
  const question = {
    requiredActions,
    organizationId,
    alsoCheck: [],
    exemptions: [],
    now: new Date(),
  };
  const input = readTemplates(outermostFolders(templatePaths), settings);
  const run = plannedRun(input, question);
  const resources = new Map(
    input.flowLogs.map((flowLog) => [flowLog.id, violatingResourceOf(flowLog)]),
  );
  const violations = [
    ...input.problems.map(({ file, message }) => unreadTemplate(file, message)),
    ...run.causes.flatMap((cause) => violationsOf(cause, { resources, settings })),
  ];
  return { success: violations.every(({ severity }) => severity === 'warning'), violations };
}

/** The folders of templates, without folders inside another: the folder of an app has the stages of the app. */
function outermostFolders(templatePaths: readonly string[]): readonly string[] {
  const folders = [...new Set(templatePaths.map((path) => dirname(path)))];
  return folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}${sep}`)));
}

/** The CDK finds the construct and the line of the app by template and logical id. */
function violatingResourceOf({ resource }: PlannedFlowLog): PolicyViolatingResource {
  if (resource === undefined) return { locations: [] };
  const { templateFile, logicalId } = resource;
  return {
    templatePath: resolve(templateFile),
    resourceLogicalId: logicalId,
    locations: ['Properties/LogDestination'],
  };
}

/** Flow logs of one cause share the statement; flow logs with the same message share a violation. */
function violationsOf(
  { check, outcome, rows, remedy }: Cause,
  { resources, settings }: Violating,
): readonly PolicyViolation[] {
  const byMessage = groupBy(rows, ({ verdict }) => verdict.message);
  const fix = remedy && writeStatement(remedy.statement, 'cdk').trimEnd();
  return [...byMessage].map(([message, sharing]) => ({
    ruleName: check,
    description: `flow log ${outcome}: ${inOptions(message)}`,
    severity: outcome === 'blocked' ? 'error' : settings.unknown,
    violatingResources: sharing.map(({ id }) => resources.get(id) ?? { locations: [] }),
    ...(fix === null ? {} : { fix: `add to the key policy:\n${fix}` }),
  }));
}

interface Violating {
  readonly resources: ReadonlyMap<string, PolicyViolatingResource>;
  readonly settings: Settings;
}

/** The options of the command line that messages name, as options of the validation. */
const inOptions = (message: string): string =>
  message
    .replace(/--(account|region)\b/g, 'option $1')
    .replace(/--parameter\b/g, 'option parameters:');

const unreadTemplate = (file: string, message: string): PolicyViolation => ({
  ruleName: 'unread-template',
  description: `${file}: ${message}`,
  severity: 'error',
  violatingResources: [{ templatePath: resolve(file), locations: [] }],
});
