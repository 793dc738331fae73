import { accountId, listOf, oneOf, refuse, whole, reference } from './readers.ts';
import { type RemediationKeys, remediationKeys } from './remediation-keys.ts';

/** The choices of an operator for remediation. */
export interface RemediationOptions {
  /** True if AWS Config starts remediations, false if people do. */
  readonly automatic: boolean;
  readonly keys: RemediationKeys;
  /** The ARNs of the approvers. With an empty list, no approval is needed. */
  readonly approvers: readonly string[];
  /** The SNS topic for requests to approve. */
  readonly approvalTopicArn: string | undefined;
  /** In automatic mode, AWS Config tries this number of times within `retrySeconds`. */
  readonly attempts: number;
  readonly retrySeconds: number;
  /** The share of the rule's flow logs to mend at the same time, in percent. */
  readonly concurrency: number;
  /** The remedy admits the flow logs of one account and Region, or of the whole organization. */
  readonly scope: 'flow-logs' | 'organization';
  /** The accounts of flow logs for which keys of other accounts are mended; undefined: the owner of the bucket decides. */
  readonly accounts: readonly string[] | undefined;
  /** False if another copy made the table of leases, or a copy before. All copies share the table. */
  readonly makesTable: boolean;
}

/** The environment of a function holds 4 KB; this many account ids leave room for the rest. */
const MAX_ACCOUNTS = 200;

/** The limit of one approve step. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html */
const MAX_APPROVERS = 10;

const approver = reference(
  /^arn:aws[a-z-]*:(iam::\d{12}:(user|role)|sts::\d{12}:assumed-role)\/[\w+=,.@/-]+$/,
  'the ARN of a user, a role or an assumed role, like arn:aws:iam::111122223333:role/approvers',
);

export const remediationReaders = {
  remediation: oneOf('off', 'manual', 'automatic'),
  remediationKeys,
  remediationApprovers: listOf(approver, MAX_APPROVERS),
  remediationApprovalTopicArn: reference(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:Automation[A-Za-z0-9_-]{0,246}$/,
    'the ARN of a standard SNS topic whose name starts with Automation, as Systems Manager wants it',
  ),
  remediationAttempts: whole(1, 25),
  remediationRetrySeconds: whole(1, 2_678_000),
  remediationConcurrency: whole(1, 100),
  remediationScope: oneOf('flow-logs', 'organization'),
  remediationAccounts: listOf(accountId, MAX_ACCOUNTS),
  remediationTable: oneOf('new', 'existing'),
} as const;

type Name = keyof typeof remediationReaders;
/** The options of remediation that were set. */
export type RemediationRead = {
  readonly [N in Name]?: ReturnType<(typeof remediationReaders)[N]>;
};

export interface Surroundings {
  /** All options as given; messages show these values. */
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
  remediationAccounts: undefined,
  remediationTable: 'new',
} as const;

/** Returns undefined if remediation is off. Throws an Error if an option needs another option. */
export function remediationOf(
  read: RemediationRead,
  surroundings: Surroundings,
): RemediationOptions | undefined {
  const { remediation: mode = 'off', remediationKeys, ...others } = read;
  if (mode === 'off') {
    const [name] = Object.keys(read).filter((each) => each !== 'remediation');
    if (name === undefined) return undefined;
    const why = 'remediation is off; choose manual or automatic, or leave this option out';
    return refuse(name, surroundings.given[name], why);
  }
  if (remediationKeys === undefined)
    return refuse('remediation', mode, 'name the keys to mend with remediationKeys');
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
    accounts: chosen.remediationAccounts,
    makesTable: chosen.remediationTable === 'new',
  };
  checkOptions(options, surroundings);
  return options;
}

function checkOptions(options: RemediationOptions, { ruleName, parameters }: Surroundings): void {
  const { approvers, approvalTopicArn, scope } = options;
  if (approvalTopicArn !== undefined && approvers.length === 0)
    refuse('remediationApprovalTopicArn', approvalTopicArn, 'name remediationApprovers too');
  if (scope === 'organization' && parameters.organizationId === undefined)
    refuse('remediationScope', scope, 'name the organization with organizationId');
  // The names of the SSM documents start with the name of the rule.
  if (/^(aws|amazon|amzn)/i.test(ruleName))
    refuse(
      'ruleName',
      ruleName,
      'with remediation, the name of the rule must not start with aws, amazon or amzn',
    );
}
