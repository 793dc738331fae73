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

/** Asks people for approval. A denial, or seven days without an answer, ends the execution. */
export const approve = (approvers: readonly string[], topicArn: string | undefined): Step => ({
  name: 'Approve',
  action: 'aws:approve',
  onFailure: 'Abort',
  inputs: {
    ...(topicArn === undefined ? {} : { NotificationArn: topicArn }),
    Message:
      'Flow log {{ FlowLogId }}: execution {{ automation:EXECUTION_ID }} asks to change a key policy. The output of its step Plan names the key and has what would be written. Approve to write it; deny to leave the policy as it is.',
    MinRequiredApprovals: 1,
    Approvers: [...approvers],
  },
});

/** Chooses the next step by the answer of an earlier step. The default must be the safe step. */
export const branch = (name: string, Choices: readonly object[], Default: string): Step => ({
  name,
  action: 'aws:branch',
  inputs: { Choices, Default },
});

/**
 * A choice for an error of a function whose step counts as a success. AWS documents the output FunctionError, but not
 * that an error fails the step. The text of a diff cannot match, because quotes inside a diff are escaped.
 */
export const onError = (step: string, NextStep: string): object => ({
  NextStep,
  Variable: `{{ ${step}.Payload }}`,
  Contains: '"errorMessage":',
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
      "def stop(events, context):\n    raise Exception('failed: the output of the step before this one says why')\n",
  },
  isEnd: true,
};
