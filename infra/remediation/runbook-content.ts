import { approve, branch, done, invoke, onError, type Step, stop } from './runbook-steps.ts';

/** The account that runs the runbook: a mender that works for many has to know. */
const ACCOUNT = '{{ global:ACCOUNT_ID }}';

/** The content of a runbook, as Systems Manager Automation takes it. */
export interface Runbook {
  readonly schemaVersion: '0.3';
  readonly description: string;
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, object>>;
  readonly mainSteps: readonly Step[];
  readonly outputs: readonly string[];
}

export interface RunbookProps {
  /** The mender function; by its ARN where it is another account's. */
  readonly functionName: string;
  /** The role that the runbook takes where none is given. */
  readonly roleArn: string;
}

export interface MendProps extends RunbookProps {
  /** Without any, nobody is asked. */
  readonly approvers: readonly string[];
  readonly approvalTopicArn: string | undefined;
}

/** Mends the key policy that keeps AWS from writing one flow log: Done where that is so in the end, else failed. */
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
      ...assumed(roleArn),
    },
    mainSteps: [
      { ...ask('Plan', 'plan'), onFailure: 'Abort', nextStep: 'Decide' },
      // An answer that cannot be read here must not pass for one that leaves nothing to do: Mend plans again.
      branch('Decide', [nothingToDo, onError('Plan', 'Stop')], approval[0]?.name ?? 'Mend'),
      ...approval.map((step) => ({ ...step, nextStep: 'Mend' })),
      // Not isEnd: it would end a failed step too, before Look.
      { ...ask('Mend', 'mend'), onFailure: 'step:Look', isCritical: true, nextStep: 'Check' },
      branch('Check', [onError('Mend', 'Look')], 'Done'),
      { ...ask('Look', 'look'), onFailure: 'Abort', nextStep: 'Stop' },
      stop,
      done,
    ],
    outputs: ['Plan.Payload', 'Mend.Payload'],
  };
}

/** Takes what one execution added out of the key policy again. */
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
    ...assumed(roleArn),
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

/** AWS Config's automatic mode asks for a parameter of exactly this name. */
const assumed = (roleArn: string) => ({
  AutomationAssumeRole: {
    type: 'String',
    description: 'The role that invokes the mender function',
    default: roleArn,
  },
});
