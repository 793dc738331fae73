import { approve, branch, done, invoke, onError, type Step, stop } from './runbook-steps.ts';

/** The account that runs the runbook. A central mender works for many accounts. */
const ACCOUNT = '{{ global:ACCOUNT_ID }}';

/** The content of a runbook for Systems Manager Automation. */
export interface Runbook {
  readonly schemaVersion: '0.3';
  readonly description: string;
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, object>>;
  readonly mainSteps: readonly Step[];
  readonly outputs: readonly string[];
}

export interface RunbookProps {
  /** The name of the mender function, or the ARN of a mender in another account. */
  readonly functionName: string;
  /** The default role of an execution. */
  readonly roleArn: string;
}

export interface MendProps extends RunbookProps {
  /** With an empty list, no approval is needed. */
  readonly approvers: readonly string[];
  readonly approvalTopicArn: string | undefined;
}

/** Mends the key policy behind one flow log. Ends with Done if the policy admits delivery, else as failed. */
export function mendRunbook(props: MendProps): Runbook {
  const { functionName, roleArn, approvers, approvalTopicArn } = props;
  const ask = (name: string, step: string): Step =>
    invoke(name, functionName, {
      step,
      accountId: ACCOUNT,
      flowLogId: '{{ FlowLogId }}',
      executionId: '{{ automation:EXECUTION_ID }}',
    });
  const approval = approvers.length > 0 ? [approve(approvers, approvalTopicArn)] : [];
  const nothingToDo = {
    NextStep: 'Done',
    Variable: '{{ Plan.Payload }}',
    StartsWith: '{"outcome":"nothing-to-do"',
  };
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
      // An unreadable answer leads to Mend, which plans again. Only a clear nothing-to-do leads to Done.
      branch('Decide', [nothingToDo, onError('Plan', 'Stop')], approval[0]?.name ?? 'Mend'),
      ...approval.map((step) => ({ ...step, nextStep: 'Mend' })),
      // Without isEnd, because isEnd would end a failed Mend before Look.
      { ...ask('Mend', 'mend'), onFailure: 'step:Look', isCritical: true, nextStep: 'Check' },
      branch('Check', [onError('Mend', 'Look')], 'Done'),
      { ...ask('Look', 'look'), onFailure: 'Abort', nextStep: 'Stop' },
      stop,
      done,
    ],
    outputs: ['Plan.Payload', 'Mend.Payload'],
  };
}

/** Removes the statement that one execution added to a key policy. */
export const takeBackRunbook = ({ functionName, roleArn }: RunbookProps): Runbook => ({
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
    {
      ...invoke('TakeBack', functionName, {
        step: 'take-back',
        accountId: ACCOUNT,
        executionId: '{{ ExecutionId }}',
      }),
      onFailure: 'Abort',
      nextStep: 'Check',
    },
    branch('Check', [onError('TakeBack', 'Stop')], 'Done'),
    stop,
    done,
  ],
  outputs: ['TakeBack.Payload'],
});

/** The automatic mode of AWS Config needs a parameter of this name. */
const roleParameter = (roleArn: string) => ({
  AutomationAssumeRole: {
    type: 'String',
    description: 'The role that invokes the mender function',
    default: roleArn,
  },
});
