import * as v from 'valibot';
import { issuesOf } from '../sources/recorded/fields.ts';
import { FLOW_LOG_ID } from '../model/facts.ts';

const ids = {
  /** The account of the automation and of the flow log. */
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/, 'is no account id')),
  flowLogId: v.pipe(v.string(), v.regex(FLOW_LOG_ID, 'is no flow log id')),
  executionId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'is no execution id')),
};

const flowLogStep = v.object({ step: v.picklist(['plan', 'mend', 'look']), ...ids });
const takeBackStep = v.object({
  step: v.picklist(['plan-take-back', 'take-back']),
  accountId: ids.accountId,
  /** The execution to take back. */
  executionId: ids.executionId,
  /** The execution of the runbook that takes back. */
  askedBy: ids.executionId,
});
const stepEvent = v.variant('step', [flowLogStep, takeBackStep]);

/** A step of the automation for a flow log. */
export type FlowLogStep = v.InferOutput<typeof flowLogStep>;

/** A step of the automation: for a flow log, or for an earlier execution. */
export type StepEvent = v.InferOutput<typeof stepEvent>;

/** Reads the event of a step. Throws for any other event. */
export function readStepEvent(input: unknown): StepEvent {
  const read = v.safeParse(stepEvent, input);
  if (read.success) return read.output;
  throw new Error(
    `nothing was written: the event is not one of this automation (${issuesOf(read.issues)})`,
  );
}
