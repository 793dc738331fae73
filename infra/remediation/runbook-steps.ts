/**
 * A step of a runbook, as Systems Manager Automation takes it.
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
  /** Ends the execution here, whether the step succeeded or failed. */
  readonly isEnd?: boolean;
}

/** What Systems Manager gives a step that invokes a function, in seconds. */
export const MAX_STEP_SECONDS = 300;

/** Invokes a function and waits for its answer, which is the output Payload. */
export const invoke = (name: string, FunctionName: string, InputPayload: object): Step => ({
  name,
  action: 'aws:invokeLambdaFunction',
  timeoutSeconds: MAX_STEP_SECONDS,
  inputs: { FunctionName, InputPayload },
});

/** Asks people; a denial, or nobody's answer in seven days, ends the execution. */
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

/** Goes on by what a step answered. What no choice matches goes to the default, which says what is safe. */
export const branch = (name: string, Choices: readonly object[], Default: string): Step => ({
  name,
  action: 'aws:branch',
  inputs: { Choices, Default },
});

/**
 * Where to go when a function ended with an error and the step passes for a success all the same: AWS documents the
 * output FunctionError, and not that it fails the step. The quotes inside a diff are escaped, so they do not match.
 */
export const onError = (step: string, NextStep: string): object => ({
  NextStep,
  Variable: `{{ ${step}.Payload }}`,
  Contains: '"errorMessage":',
});

/** Ends well: a branch has to lead to a step, and this one does nothing. */
export const done: Step = {
  name: 'Done',
  action: 'aws:sleep',
  inputs: { Duration: 'PT1S' },
  isEnd: true,
};

/** Ends as failed, which no other step does for certain. */
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
