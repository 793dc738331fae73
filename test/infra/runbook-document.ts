import * as v from 'valibot';

/**
 * The rules for a document of Systems Manager Automation, as far as AWS documents them and the runbooks use them.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
const name = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9_]{1,128}$/));
const text = v.pipe(v.string(), v.minLength(1));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1));

const operators = {
  StringEquals: v.optional(v.string()),
  EqualsIgnoreCase: v.optional(v.string()),
  StartsWith: v.optional(v.string()),
  EndsWith: v.optional(v.string()),
  Contains: v.optional(v.string()),
  NumericEquals: v.optional(v.number()),
  NumericGreater: v.optional(v.number()),
  NumericLesser: v.optional(v.number()),
  NumericGreaterOrEquals: v.optional(v.number()),
  NumericLesserOrEquals: v.optional(v.number()),
  BooleanEquals: v.optional(v.boolean()),
};

/** A choice without And, Or and Not, which no runbook uses. */
const choice = v.pipe(
  v.strictObject({
    NextStep: name,
    Variable: v.pipe(v.string(), v.regex(/^\{\{ .+ \}\}$/)),
    ...operators,
  }),
  v.check(
    (each) => Object.keys(each).filter((key) => key in operators).length === 1,
    'a choice has one operator',
  ),
);

const common = {
  name,
  description: v.optional(text),
  timeoutSeconds: v.optional(seconds),
  maxAttempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10))),
  onFailure: v.optional(v.pipe(v.string(), v.regex(/^(Abort|Continue|step:[a-zA-Z0-9_]+)$/))),
  onCancel: v.optional(v.pipe(v.string(), v.regex(/^(Abort|step:[a-zA-Z0-9_]+)$/))),
  isCritical: v.optional(v.boolean()),
  isEnd: v.optional(v.boolean()),
  nextStep: v.optional(name),
};

const step = v.variant('action', [
  v.strictObject({
    ...common,
    action: v.literal('aws:invokeLambdaFunction'),
    // AWS waits five minutes for a function.
    timeoutSeconds: v.optional(v.pipe(seconds, v.maxValue(300))),
    inputs: v.strictObject({
      FunctionName: text,
      Qualifier: v.optional(text),
      InvocationType: v.optional(v.picklist(['RequestResponse', 'Event', 'DryRun'])),
      LogType: v.optional(v.picklist(['Tail', 'None'])),
      ClientContext: v.optional(text),
      InputPayload: v.optional(v.record(v.string(), v.string())),
      Payload: v.optional(text),
    }),
  }),
  v.strictObject({
    ...common,
    action: v.literal('aws:branch'),
    // A branch goes where a choice or the default says.
    nextStep: v.optional(v.never()),
    isEnd: v.optional(v.never()),
    inputs: v.strictObject({ Choices: v.pipe(v.array(choice), v.minLength(1)), Default: name }),
  }),
  v.strictObject({
    ...common,
    action: v.literal('aws:approve'),
    inputs: v.strictObject({
      Approvers: v.pipe(v.array(text), v.minLength(1), v.maxLength(10)),
      NotificationArn: v.optional(v.pipe(v.string(), v.regex(/^arn:.*:sns:.*:Automation/))),
      Message: v.optional(v.pipe(text, v.maxLength(4096))),
      MinRequiredApprovals: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
  }),
  v.strictObject({
    ...common,
    action: v.literal('aws:sleep'),
    inputs: v.union([
      v.strictObject({
        Duration: v.pipe(v.string(), v.regex(/^P(?=.)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/)),
      }),
      v.strictObject({ Timestamp: v.pipe(v.string(), v.isoTimestamp()) }),
    ]),
  }),
  v.strictObject({
    ...common,
    action: v.literal('aws:executeScript'),
    inputs: v.strictObject({
      Runtime: v.pipe(v.string(), v.regex(/^python3\.\d+$/)),
      Handler: text,
      Script: v.pipe(text, v.maxLength(100_000)),
      InputPayload: v.optional(v.record(v.string(), v.string())),
    }),
  }),
]);

const parameter = v.strictObject({
  type: v.picklist(['String', 'StringList', 'Boolean', 'Integer', 'MapList', 'StringMap']),
  description: v.optional(text),
  default: v.optional(v.string()),
  allowedValues: v.optional(v.array(v.string())),
  allowedPattern: v.optional(
    v.pipe(
      v.string(),
      v.check((each) => new RegExp(each) instanceof RegExp),
    ),
  ),
  minChars: v.optional(v.number()),
  maxChars: v.optional(v.number()),
});

const document = v.strictObject({
  schemaVersion: v.literal('0.3'),
  description: v.optional(text),
  assumeRole: v.optional(text),
  parameters: v.optional(v.record(v.pipe(v.string(), v.regex(/^\w+$/)), parameter), {}),
  mainSteps: v.pipe(v.array(step), v.minLength(1)),
  outputs: v.optional(v.array(text), []),
});

type Step = v.InferOutput<typeof step>;

/** The outputs that a step of each kind has. */
const outputsOf: Readonly<Record<Step['action'], readonly string[]>> = {
  'aws:invokeLambdaFunction': ['StatusCode', 'FunctionError', 'LogResult', 'Payload'],
  'aws:branch': [],
  'aws:approve': ['ApprovalStatus', 'ApproverDecisions'],
  'aws:sleep': [],
  'aws:executeScript': ['Payload'],
};

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html */
const variables = [
  'global:DATE',
  'global:DATE_TIME',
  'global:REGION',
  'global:ACCOUNT_ID',
  'automation:EXECUTION_ID',
];

/** The steps that may run right after a step. */
function followers({ steps, at }: { steps: readonly Step[]; at: number }): readonly string[] {
  const here = steps[at];
  if (here === undefined) return [];
  const after = [here.onFailure, here.onCancel].flatMap(
    (each) => /^step:(.*)/.exec(each ?? '')?.[1] ?? [],
  );
  if (here.action === 'aws:branch')
    return [...after, here.inputs.Default, ...here.inputs.Choices.map((each) => each.NextStep)];
  if (here.isEnd === true) return after;
  return [...after, here.nextStep ?? steps[at + 1]?.name ?? '(a step after the last)'];
}

/** The references in double braces, at any depth. */
const references = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/\{\{(.*?)\}\}/g)].map(([, inside = '']) => inside.trim());

/** Everything that is wrong with a document; empty if Systems Manager can run the document. */
export function problemsOf(value: unknown): readonly string[] {
  const read = v.safeParse(document, value);
  if (!read.success)
    return read.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  const { assumeRole, parameters, mainSteps: steps, outputs } = read.output;
  const names = steps.map((each) => each.name);
  const known = (before: number): readonly string[] => [
    ...variables,
    ...Object.keys(parameters),
    ...steps
      .slice(0, before)
      .flatMap((each) => outputsOf[each.action].map((output) => `${each.name}.${output}`)),
  ];
  const unknownIn = (found: readonly string[], before: number): readonly string[] =>
    found.filter((each) => !known(before).includes(each));
  const goals = steps.flatMap((_, at) => followers({ steps, at }));
  return [
    ...names.filter((each, at) => names.indexOf(each) !== at).map((each) => `two steps ${each}`),
    ...goals.filter((each) => !names.includes(each)).map((each) => `no step ${each}`),
    ...names
      .filter((each, at) => at > 0 && !goals.includes(each))
      .map((each) => `${each} never runs`),
    ...steps
      .filter((each) => each.isEnd === true && each.nextStep !== undefined)
      .map((each) => `${each.name} ends, and has a next step`),
    ...unknownIn(references(assumeRole ?? ''), 0).map((each) => `nothing is named ${each}`),
    ...steps.flatMap((each, at) =>
      unknownIn(references(each.inputs), at).map(
        (found) => `${each.name}: nothing is named ${found}`,
      ),
    ),
    ...unknownIn(outputs, steps.length).map((each) => `no output ${each}`),
  ];
}
