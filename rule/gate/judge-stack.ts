import { errorText } from '../basics/text.ts';
import { isUnknown, unknown } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { plannedRun } from '../remedy/planned-run.ts';
import type { Run } from '../remedy/run.ts';
import type { AskedExisting } from '../sources/planned/ask-existing.ts';
import type { PlannedInput } from '../sources/planned/input.ts';
import { readStackTemplate, type StackParameter } from '../sources/template/stack-template.ts';
import type { DeployedStack } from './deployed-stack.ts';
import type { HookRequest } from './hook-event.ts';
import type { Payload } from './payload.ts';

/** The flow logs of a stack before an operation. */
export interface JudgedStack {
  readonly run: Run;
  /** The ids of flow logs that are blocked with the template so far too. */
  readonly blockedBefore: ReadonlySet<string>;
  /** The reason why nobody knows which flow logs are blocked with the template so far. */
  readonly unknownBefore: string | undefined;
  /** Questions to AWS that had no answer: a refusal is an answer. */
  readonly failures: readonly string[];
}

export interface StackJudging {
  readonly request: HookRequest;
  readonly stack: DeployedStack;
  /** Read only for a template with flow logs. */
  readonly question: () => Promise<Question>;
  /** The account, for things that the template names and does not contain. */
  readonly asked: AskedExisting;
  /** The end of judging, in milliseconds since 1970. */
  readonly deadline: number;
}

/**
 * Judges the template to deploy, and the template so far only where a flow log is blocked. Undefined for a template without
 * flow logs. Throws an Error for a template that cannot be read.
 */
export async function judgeStack(
  { template, previous }: Payload,
  judging: StackJudging,
): Promise<JudgedStack | undefined> {
  // AWS does not document the payload of an update that keeps the template.
  const next = template ?? previous;
  if (next === undefined) throw new Error('payload has no template');
  if (!MAY_HAVE_FLOW_LOGS.test(next)) return undefined;
  const { stack, asked } = judging;
  const run = await runOf(next, await stack.nextParameters(), judging);
  if (run.rows.length + run.problems.length === 0) return undefined;
  const failures = asked.failures();
  if (blockedIn(run).size === 0 || !(await stack.exists()))
    return { run, failures, blockedBefore: new Set(), unknownBefore: undefined };
  return { run, failures, ...(await judgeBefore(previous, judging)) };
}

/** The type of a flow log; JSON and YAML may write letters as escapes. */
const MAY_HAVE_FLOW_LOGS = /FlowLog|\\(u00|x|U000000)[4-7]/;

/** Judges the template so far. A change set comes without this template. */
async function judgeBefore(
  previous: string | undefined,
  judging: StackJudging,
): Promise<Pick<JudgedStack, 'blockedBefore' | 'unknownBefore'>> {
  const { request, stack } = judging;
  const nobodyKnows = (why: string) => ({ blockedBefore: new Set<string>(), unknownBefore: why });
  const isAsked = previous === undefined && request.operation === 'change-set';
  const before = isAsked ? await stack.template() : (previous ?? unknown('the event has none'));
  if (isUnknown(before)) return nobodyKnows(before.why);
  const parameters = await stack.parameters();
  try {
    const run = await runOf(before, parameters, judging);
    return { blockedBefore: blockedIn(run), unknownBefore: run.problems[0]?.message };
  } catch (error) {
    return nobodyKnows(errorText(error));
  }
}

const blockedIn = ({ rows }: Run): ReadonlySet<string> =>
  new Set(rows.filter(({ verdict }) => verdict.outcome === 'blocked').map(({ id }) => id));

async function runOf(
  text: string,
  parameters: readonly StackParameter[],
  { request, question, asked, deadline }: StackJudging,
): Promise<Run> {
  const { place, stackName: name } = request;
  const { accountId: account, region } = place;
  const { existing } = asked;
  const stack = { name, account, region, parameters, existing };
  const input = untilEnd(readStackTemplate(text, stack), deadline);
  const { problems } = input;
  if (input.flowLogs.length === 0) return { rows: [], causes: [], problems };
  const asking = await question();
  return asked.settle(() => plannedRun(input, asking));
}

/** Ends the judging of worlds at the deadline: nothing else interrupts work without waits. */
const untilEnd = (input: PlannedInput, deadline: number): PlannedInput => ({
  ...input,
  flowLogs: input.flowLogs.map((flowLog) => ({
    ...flowLog,
    factsIn(world) {
      if (Date.now() > deadline) throw new Error('time limit is near: the template is too large');
      return flowLog.factsIn(world);
    },
  })),
});
