import { listOf, matching, oneOf, type Reader, refuse, whole } from './readers.ts';

/** Whose key policies may be written. */
export type RemediationKeys =
  | { readonly arns: readonly string[] }
  | { readonly tag: { readonly name: string; readonly value: string } }
  | 'every key of this account';

/** What an operator chose where remediation is on. */
export interface RemediationOptions {
  /** Whether AWS Config starts it by itself. */
  readonly automatic: boolean;
  readonly keys: RemediationKeys;
  /** Who may approve; without any, nobody is asked. */
  readonly approvers: readonly string[];
  /** An SNS topic that is told of approvals to give. */
  readonly approvalTopicArn: string | undefined;
  /** How often AWS Config tries by itself, and within how many seconds. */
  readonly attempts: number;
  readonly retrySeconds: number;
  /** How many of the rule's flow logs are mended at a time, in percent. */
  readonly concurrency: number;
  /** Whom the statement admits: the flow logs of one account and Region, or those of the organization. */
  readonly scope: 'flow-logs' | 'organization';
}

/** What fits into the policy of one role, with room for the rest; for more there are tags. */
const MAX_KEY_ARNS = 75;

/** What one approve step takes. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html */
const MAX_APPROVERS = 10;

const keyArn = matching(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  'the ARN of a key, like arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab, without wildcards; or tag:NAME=VALUE; or * for every key of the account',
);

const TAG = /^tag:(?<name>[\p{L}\p{N} _.:/+@-]{1,128})=(?<value>[\p{L}\p{N} _.:/=+@-]{1,256})$/u;

const keys: Reader<RemediationKeys> = (value) => {
  if (value === '*') return 'every key of this account';
  if (!value.startsWith('tag:')) return { arns: listOf(keyArn, MAX_KEY_ARNS)(value) };
  const tag = TAG.exec(value)?.groups;
  if (tag === undefined) throw new Error('give one tag, as tag:NAME=VALUE');
  return { tag: { name: tag.name ?? '', value: tag.value ?? '' } };
};

const approver = matching(
  /^arn:aws[a-z-]*:(iam::\d{12}:(user|role)|sts::\d{12}:assumed-role)\/[\w+=,.@/-]+$/,
  'the ARN of a user, a role or an assumed role, like arn:aws:iam::111122223333:role/approvers',
);

export const remediationReaders = {
  remediation: oneOf('off', 'manual', 'automatic'),
  remediationKeys: keys,
  remediationApprovers: listOf(approver, MAX_APPROVERS),
  remediationApprovalTopicArn: matching(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:Automation[A-Za-z0-9_-]{0,246}$/,
    'the ARN of a standard SNS topic whose name starts with Automation, as Systems Manager wants it',
  ),
  remediationAttempts: whole(1, 25),
  remediationRetrySeconds: whole(1, 2_678_000),
  remediationConcurrency: whole(1, 100),
  remediationScope: oneOf('flow-logs', 'organization'),
} as const;

type Name = keyof typeof remediationReaders;
/** What was given of them, as it was read. */
export type RemediationRead = {
  readonly [N in Name]?: ReturnType<(typeof remediationReaders)[N]>;
};

export interface Surroundings {
  /** The options as they were given, for messages. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly ruleName: string;
  readonly parameters: { readonly organizationId?: string };
}

const defaults = {
  remediationApprovers: [],
  remediationApprovalTopicArn: undefined,
  remediationAttempts: 3,
  remediationRetrySeconds: 600,
  remediationConcurrency: 10,
  remediationScope: 'flow-logs',
} as const;

/** Puts the options of remediation together, undefined where it is off; throws where one asks for another. */
export function remediationOf(
  read: RemediationRead,
  around: Surroundings,
): RemediationOptions | undefined {
  const { remediation: mode = 'off', remediationKeys, ...others } = read;
  if (mode === 'off') {
    if (remediationKeys === undefined) return undefined;
    const why = 'remediation is off; choose manual or automatic';
    return refuse('remediationKeys', around.given.remediationKeys, why);
  }
  if (remediationKeys === undefined)
    return refuse('remediation', mode, 'name the keys it may write with remediationKeys');
  const chosen = { ...defaults, ...others };
  const options = {
    automatic: mode === 'automatic',
    keys: remediationKeys,
    approvers: chosen.remediationApprovers,
    approvalTopicArn: chosen.remediationApprovalTopicArn,
    attempts: chosen.remediationAttempts,
    retrySeconds: chosen.remediationRetrySeconds,
    concurrency: chosen.remediationConcurrency,
    scope: chosen.remediationScope,
  };
  agree(options, around);
  return options;
}

/** Throws where one option needs another. */
function agree(options: RemediationOptions, { ruleName, parameters }: Surroundings): void {
  const { approvers, approvalTopicArn, scope } = options;
  if (approvalTopicArn !== undefined && approvers.length === 0)
    refuse('remediationApprovalTopicArn', approvalTopicArn, 'name remediationApprovers too');
  if (scope === 'organization' && parameters.organizationId === undefined)
    refuse('remediationScope', scope, 'name the organization with organizationId');
  // The documents are named after the rule.
  if (/^(aws|amazon|amzn)/i.test(ruleName))
    refuse('ruleName', ruleName, 'with remediation, it may not start with aws, amazon or amzn');
}
