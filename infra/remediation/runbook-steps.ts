import type { StepAnswer } from '../../rule/mend/steps.ts';

/**
 * A step of a runbook for Systems Manager Automation.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branchdocs.html
 */
export interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds?: number;
  readonly onFailure?: string;
  readonly isCritical?: boolean;
  readonly nextStep?: string;
  /** Ends the execution after this step, also if the step failed. */
  readonly isEnd?: boolean;
}

/** Systems Manager waits this long for a function. */
export const MAX_STEP_SECONDS = 300;

/** Invokes a function and waits for the answer, the output Payload. */
export const invoke = (name: string, FunctionName: string, InputPayload: object): Step => ({
  name,
  action: 'aws:invokeLambdaFunction',
  timeoutSeconds: MAX_STEP_SECONDS,
  inputs: { FunctionName, InputPayload },
});

/** The people who approve. */
export interface Approval {
  /** With an empty list, no approval is needed. */
  readonly approvers: readonly string[];
  /** The SNS topic for the message. */
  readonly approvalTopicArn: string | undefined;
}

/** Asks people for approval. A denial, or seven days without an answer, ends the execution. No step without approvers. */
export const approve = (
  { approvers, approvalTopicArn }: Approval,
  Message: string,
): readonly Step[] =>
  approvers.length === 0
    ? []
    : [
        {
          name: 'Approve',
          action: 'aws:approve',
          onFailure: 'Abort',
          inputs: {
            ...(approvalTopicArn === undefined ? {} : { NotificationArn: approvalTopicArn }),
            Message,
            MinRequiredApprovals: 1,
            Approvers: [...approvers],
          },
        },
      ];

/** Chooses the next step by the answer of an earlier step. The default must be the safe step. */
export const branch = (name: string, Choices: readonly object[], Default: string): Step => ({
  name,
  action: 'aws:branch',
  inputs: { Choices, Default },
});

/**
 * A choice for an answer of the mender with this outcome, the first property. No other answer matches: an error, an empty
 * answer, half an answer. AWS documents the output FunctionError, but not that an error fails the step.
 */
export const onOutcome = (
  step: string,
  outcome: StepAnswer['outcome'],
  NextStep: string,
): object => ({
  NextStep,
  Variable: `{{ ${step}.Payload }}`,
  StartsWith: `{"outcome":"${outcome}"`,
});

/** Ends the execution as a success. A branch must lead to a step, so this step does nothing. */
export const done: Step = {
  name: 'Done',
  action: 'aws:sleep',
  inputs: { Duration: 'PT1S' },
  isEnd: true,
};

/** Ends the execution as failed. No other kind of step fails for certain. */
export const stop: Step = {
  name: 'Stop',
  action: 'aws:executeScript',
  onFailure: 'Abort',
  inputs: {
    Runtime: 'python3.11',
    Handler: 'stop',
    Script:
      "def stop(events, context):\n    raise Exception('failed: the last output Payload says why')\n",
  },
  isEnd: true,
};
