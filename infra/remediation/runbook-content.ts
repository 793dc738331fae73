import {
  type Approval,
  approve,
  branch,
  done,
  invoke,
  onOutcome,
  type Step,
  stop,
} from './runbook-steps.ts';

/** The account that runs the runbook. A central mender works for many accounts. */
const ACCOUNT = '{{ global:ACCOUNT_ID }}';

/** The execution that runs the runbook. The mender looks at the execution before any work. */
const EXECUTION = '{{ automation:EXECUTION_ID }}';

/** The content of a runbook for Systems Manager Automation. */
export interface Runbook {
  readonly schemaVersion: '0.3';
  readonly description: string;
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, object>>;
  readonly mainSteps: readonly Step[];
  readonly outputs: readonly string[];
}

export interface RunbookProps extends Approval {
  /** The name of the mender function, or the ARN of a mender in another account. */
  readonly functionName: string;
  /** The default role of an execution. */
  readonly roleArn: string;
}

/** Mends the key policy behind one flow log. Ends with Done if the policy admits delivery, else as failed. */
export function mendRunbook({ functionName, roleArn, ...approval }: RunbookProps): Runbook {
  const ask = (name: string, step: string): Step =>
    invoke(name, functionName, {
      step,
      accountId: ACCOUNT,
      flowLogId: '{{ FlowLogId }}',
      executionId: EXECUTION,
    });
  const approvals = approve(
    approval,
    `Flow log {{ FlowLogId }}: execution ${EXECUTION} asks to change a key policy. The output of its step Plan names the key and has what would be written. Approve to write it; deny to leave the policy as it is.`,
  );
  return {
    schemaVersion: '0.3',
    description:
      'Lets AWS write a VPC flow log into its bucket again: adds the missing statement to the policy of the KMS key behind the bucket, and changes nothing else. Step Plan says what it would write, Mend what it wrote; where Mend fails, Look says what the policy is now.',
    assumeRole: '{{ AutomationAssumeRole }}',
    parameters: {
      FlowLogId: {
        type: 'String',
        description: 'The flow log, like fl-0123456789abcdef0',
        allowedPattern: '^fl-[0-9a-f]{8,17}$',
      },
      ...roleParameter(roleArn),
    },
    mainSteps: [
      { ...ask('Plan', 'plan'), onFailure: 'Abort', nextStep: 'Decide' },
      branch(
        'Decide',
        [
          onOutcome('Plan', 'remedy', approvals[0]?.name ?? 'Mend'),
          onOutcome('Plan', 'nothing-to-do', 'Done'),
        ],
        'Stop',
      ),
      ...approvals.map((step) => ({ ...step, nextStep: 'Mend' })),
      // Without isEnd, because isEnd would end a failed Mend before Look.
      { ...ask('Mend', 'mend'), onFailure: 'step:Look', isCritical: true, nextStep: 'Check' },
      branch(
        'Check',
        [onOutcome('Mend', 'mended', 'Done'), onOutcome('Mend', 'nothing-to-do', 'Done')],
        'Look',
      ),
      { ...ask('Look', 'look'), onFailure: 'Abort', nextStep: 'Stop' },
      stop,
      done,
    ],
    outputs: ['Plan.Payload', 'Mend.Payload'],
  };
}

/** Removes the statement that one execution added to a key policy. Needs the same approval as mending. */
export function takeBackRunbook({ functionName, roleArn, ...approval }: RunbookProps): Runbook {
  const ask = (name: string, step: string): Step =>
    invoke(name, functionName, {
      step,
      accountId: ACCOUNT,
      executionId: '{{ ExecutionId }}',
      askedBy: EXECUTION,
    });
  const approvals = approve(
    approval,
    `Execution ${EXECUTION} asks to take back what execution {{ ExecutionId }} put into a key policy. The output of its step Plan says which flow logs AWS may then stop writing. Approve to take it back; deny to leave the policy as it is.`,
  );
  return {
    schemaVersion: '0.3',
    description:
      'Takes back what an earlier execution added to a key policy, and leaves what others changed since. AWS may then stop writing the flow logs that depend on it.',
    assumeRole: '{{ AutomationAssumeRole }}',
    parameters: {
      ExecutionId: {
        type: 'String',
        description: 'The execution that mended the key policy',
        allowedPattern: '^[A-Za-z0-9-]{1,64}$',
      },
      ...roleParameter(roleArn),
    },
    mainSteps: [
      { ...ask('Plan', 'plan-take-back'), onFailure: 'Abort', nextStep: 'Decide' },
      branch(
        'Decide',
        [
          onOutcome('Plan', 'take-back', approvals[0]?.name ?? 'TakeBack'),
          onOutcome('Plan', 'nothing-to-do', 'Done'),
        ],
        'Stop',
      ),
      ...approvals.map((step) => ({ ...step, nextStep: 'TakeBack' })),
      { ...ask('TakeBack', 'take-back'), onFailure: 'Abort', nextStep: 'Check' },
      branch(
        'Check',
        [
          onOutcome('TakeBack', 'taken-back', 'Done'),
          onOutcome('TakeBack', 'nothing-to-do', 'Done'),
        ],
        'Stop',
      ),
      stop,
      done,
    ],
    outputs: ['Plan.Payload', 'TakeBack.Payload'],
  };
}

/** The automatic mode of AWS Config needs a parameter of this name. */
const roleParameter = (roleArn: string) => ({
  AutomationAssumeRole: {
    type: 'String',
    description: 'The role that invokes the mender function',
    default: roleArn,
  },
});
