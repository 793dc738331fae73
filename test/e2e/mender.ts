import { mendRunbook, takeBackRunbook } from '../../infra/remediation/runbook-content.ts';
import { documentNames } from '../../infra/remediation/runbooks.ts';
import { execute, type Executed, type Execution, type Invoked } from './automation.ts';
import {
  credentials,
  runAgainst,
  startAws,
  type Account,
  type Aws,
  type Bucket,
  type Ended,
  type Fault,
  type FlowLog,
  type Key,
  type Operation,
} from './aws-stand-in.ts';
import { automations, type Automations, type ShownAutomation } from './automation-stand-in.ts';
import { tables, type Item, type Tables } from './dynamo-stand-in.ts';
import { functionCommand } from './function-command.ts';
import {
  keyPolicies,
  statementsIn,
  type KeyPolicies,
  type Policy,
  type Statement,
} from './kms-stand-in.ts';

export const accountId = '111122223333';
export const region = 'us-east-1';
/** The approver of the deployment. */
export const approver = `arn:aws:iam::${accountId}:role/approvers`;
export const flowLogId = 'fl-0123456789abcdef0';

export const keyArnOf = (name: string, where = region): string =>
  `arn:aws:kms:${where}:${accountId}:key/${name}`;
export const keyArn = keyArnOf('archive');

/** What a statement names as the flow logs of a Region. */
export const sourceArnIn = (where: string): string => `arn:aws:logs:${where}:${accountId}:*`;

/** Who sees this in a log sees a policy. */
export const SECRET = 'NotForTheLogs';

export const administrators: Statement = {
  Sid: 'Administrators',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${accountId}:root` },
  Action: 'kms:*',
  Resource: '*',
};

/** Lets others use the key, and nobody deliver. */
export const closed: Policy = {
  Version: '2012-10-17',
  Statement: [
    administrators,
    {
      Sid: SECRET,
      Effect: 'Allow',
      Principal: {
        AWS: [
          `arn:aws:iam::${accountId}:role/readers`,
          `arn:aws:iam::${accountId}:role/writers`,
          'arn:aws:iam::444455556666:root',
        ],
      },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': ['s3.us-east-1.amazonaws.com'] } },
    },
  ],
};

export const encryptedWith = (keyId: string): Bucket => ({
  region,
  encryption: { algorithm: 'aws:kms', keyId },
});

/** AWS cannot write this: its bucket's key does not let it. */
export const flowLog: FlowLog = {
  id: flowLogId,
  region,
  type: 's3',
  destination: 'arn:aws:s3:::archive',
  observed: { status: 'FAILED', error: 'Access error' },
};

export interface WorldOptions {
  readonly flowLogs?: readonly FlowLog[];
  readonly buckets?: Readonly<Record<string, Bucket>>;
  readonly keys?: Readonly<Record<string, Omit<Key, 'policy'>>>;
  /** By key; the one key has `closed` unless told otherwise. */
  readonly policies?: Readonly<Record<string, string | Policy>>;
  readonly faults?: readonly Fault[];
  /** In milliseconds, of what reads of a policy show. */
  readonly lag?: number;
  readonly seed?: number;
  readonly deleted?: readonly string[];
  /** What somebody else does right after a call, the nth of its operation. */
  readonly meddling?: {
    readonly operation: string;
    readonly nth: number;
    readonly act: (policies: KeyPolicies) => void;
  };
  /** The Regions that have no table; every Region has one unless told otherwise. */
  readonly withoutTable?: readonly string[];
  readonly unconditional?: boolean;
  /** The id of the organization that has the account; none unless told otherwise. */
  readonly organization?: string;
}

/** Where functions run, and what becomes of them. */
export interface Machine {
  readonly aws: Pick<Aws, 'url'>;
  /** What functions that end now leave to be read. */
  readonly logs: string[];
  readonly running: Set<AbortController>;
  /** The executions that Systems Manager shows in an account. */
  readonly automationsOf: (accountId: string) => Automations;
}

/** An AWS with something to mend, and what happens to it meanwhile. */
export interface World extends Machine {
  readonly aws: Aws;
  readonly policies: KeyPolicies;
  readonly tables: Tables;
  readonly flowLogs: FlowLog[];
  readonly buckets: Record<string, Bucket>;
  readonly keys: Record<string, Key>;
  readonly faults: Fault[];
  /** Ends all functions at once, as if their machine had failed. */
  readonly kill: () => void;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { lag = 40, seed = 1, deleted = [], withoutTable = [], meddling } = options;
  const texts = Object.fromEntries(
    Object.entries({ [keyArn]: closed, ...options.policies }).map(([arn, policy]) => [
      arn,
      typeof policy === 'string' ? policy : JSON.stringify(policy),
    ]),
  );
  const flowLogs = [...(options.flowLogs ?? [flowLog])];
  const buckets = { archive: encryptedWith(keyArn), ...options.buckets };
  const keys: Record<string, Key> = Object.fromEntries(
    Object.entries(texts).map(([arn, policy]) => [arn, { policy, ...options.keys?.[arn] }]),
  );
  const faults = [...(options.faults ?? [])];
  const policies = keyPolicies({ policies: texts, lag, seed, deleted });
  const kept = tables({
    name: 'flow-log-key-rule',
    missingIn: withoutTable,
    unconditional: options.unconditional ?? false,
  });
  const shown = automations();
  const services = Object.fromEntries(
    Object.entries({ ...policies.operations, ...kept.operations, ...shown.operations }).map(
      ([name, operation]) => {
        let calls = 0;
        const meddled: Operation = (call) => {
          const answer = operation(call);
          if (name === meddling?.operation && ++calls === meddling.nth) meddling.act(policies);
          return answer;
        };
        return [name, meddled];
      },
    ),
  );
  const account: Account = {
    accountId,
    regions: [region],
    flowLogs,
    flowLogsPerPage: 100,
    buckets,
    keys,
    aliases: {},
    rules: {},
    untaken: {},
    organization: options.organization,
    services,
    faults,
  };
  const running = new Set<AbortController>();
  const kill = () => {
    for (const each of running) each.abort();
  };
  const aws = await startAws(account);
  return {
    aws,
    policies,
    tables: kept,
    flowLogs,
    buckets,
    keys,
    faults,
    logs: [],
    running,
    kill,
    automationsOf: () => shown,
  };
}

/** Runs something in a world that is gone afterwards, and that has understood all that it was asked. */
export async function inWorld<T>(
  options: WorldOptions,
  run: (world: World) => Promise<T>,
): Promise<T> {
  const world = await startWorld(options);
  try {
    const result = await run(world);
    expect(world.tables.misunderstood).toEqual([]);
    expect(world.logs.join('')).not.toContain(SECRET);
    return result;
  } finally {
    world.kill();
    await world.aws.close();
  }
}

// Functions ----------------------------------------------------------------------------------------------------------

export interface Invoking {
  readonly executionId?: string;
  readonly flowLogId?: string;
  /** Where the runbook runs. */
  readonly region?: string;
  /** Milliseconds between two reads of a policy. */
  readonly pace?: number;
  /** How long the function may run. */
  readonly milliseconds?: number;
  readonly scope?: string;
  readonly ruleParameters?: Readonly<Record<string, string>>;
  /** A central function: its account, and the role by which it mends. */
  readonly central?: {
    readonly accountId: string;
    readonly menderRoleName: string;
    readonly executionReaderRoleName: string;
  };
  /** The accounts of flow logs for which keys of other accounts are mended. */
  readonly remediationAccounts?: string | undefined;
  /** Whether the deployment demands approval. */
  readonly approval?: 'required' | 'not-required';
}

/** How many functions ran, so that each has a request id of its own. */
let invocations = 0;

/** Invokes the built function in a process of its own, with the execution's id for an access key. */
export async function invoke(world: Machine, input: object, invoking: Invoking): Promise<Invoked> {
  const { executionId = 'execution-1', region: where = region, pace = 10 } = invoking;
  const { milliseconds = 60_000, scope = 'flow-logs', ruleParameters = {}, central } = invoking;
  const { approval, remediationAccounts } = invoking;
  const context = {
    awsRequestId: `00000000-0000-4000-8000-${String(++invocations).padStart(12, '0')}`,
    functionName: 'mender',
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${where}:${central?.accountId ?? accountId}:function:mender`,
    memoryLimitInMB: '512',
  };
  const env = {
    ...credentials,
    AWS_ACCESS_KEY_ID: executionId,
    AWS_REGION: where,
    AWS_LAMBDA_FUNCTION_NAME: context.functionName,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    READ_PACE_MS: String(pace),
    REMEDIATION_SCOPE: scope,
    RULE_PARAMETERS: JSON.stringify(ruleParameters),
    MEND_DOCUMENT: documents.mend,
    TAKE_BACK_DOCUMENT: documents.takeBack,
    APPROVERS: JSON.stringify(approval === 'required' ? [approver] : []),
    ...(remediationAccounts !== undefined && { FOREIGN_KEY_ACCOUNTS: remediationAccounts }),
    ...(central && {
      MENDER_ROLE_NAME: central.menderRoleName,
      EXECUTION_READER_ROLE_NAME: central.executionReaderRoleName,
      TABLE_NAME: 'flow-log-key-rule-central',
      LEASE_TABLE_NAME: 'flow-log-key-rule',
    }),
  };
  const life = new AbortController();
  world.running.add(life);
  const ended = await runAgainst(world.aws, functionCommand('mend'), {
    env,
    input: JSON.stringify({ events: [input], context, milliseconds }),
    signal: life.signal,
  });
  world.running.delete(life);
  return invokedIn(ended, world.logs);
}

/** What Lambda says of a function that ended before it said anything. */
export const died = 'RequestId: 0 Error: Runtime exited with error: signal: killed';

/** What Lambda would answer. */
function invokedIn({ exitCode, stdout, stderr }: Ended, logs: string[]): Invoked {
  const lines = `${stdout}\n${stderr}`.split('\n');
  const answer = lines.find((line) => line.startsWith('{"payload":'));
  const error = lines.find((line) => line.startsWith('{"errorType":'));
  logs.push(...lines.filter((line) => line !== answer && line !== error));
  if (exitCode === 0 && answer !== undefined)
    return { ...(JSON.parse(answer) as Pick<Invoked, 'payload'>), failed: false };
  const exited = { errorType: 'Runtime.ExitError', errorMessage: died };
  return { payload: error ?? JSON.stringify(exited), failed: true };
}

// Runbooks -----------------------------------------------------------------------------------------------------------

const props = {
  functionName: 'mender',
  roleArn: `arn:aws:iam::${accountId}:role/automation`,
  approvalTopicArn: undefined,
};

export const documents = documentNames('flow-log-key-allows-delivery');

export interface Remediating<W extends Machine = World>
  extends Invoking, Pick<Execution, 'approve' | 'failuresPass'> {
  /** The account that runs it; the function's own unless told otherwise. */
  readonly runIn?: string;
  /** Happens after Plan, before Mend. */
  readonly meanwhile?: (world: W) => void;
  /** Whom the document asks for approval; the deployment's approver unless told otherwise. */
  readonly asked?: string;
  /** The name of the document that runs; the deployment's unless told otherwise. */
  readonly document?: string;
}

const invokable = (world: Machine, invoking: Invoking): Execution['functions'] => ({
  mender: (input, milliseconds) =>
    invoke(world, input, {
      ...invoking,
      milliseconds: Math.min(milliseconds, invoking.milliseconds ?? 60_000),
    }),
});

/** What both runbooks have in common; somebody is asked if there is an answer, or if something happens meanwhile. */
function runnable<W extends Machine>(world: W, remediating: Remediating<W>, id: string) {
  const { approve, meanwhile, failuresPass = false, runIn = accountId } = remediating;
  const isAsked = approve !== undefined || meanwhile !== undefined;
  const approval = isAsked ? 'required' : 'not-required';
  return {
    approvers: isAsked ? [remediating.asked ?? approver] : [],
    execution: {
      id,
      accountId: runIn,
      show: (shown: ShownAutomation) => void world.automationsOf(runIn).executions.set(id, shown),
      functions: invokable(world, { approval, ...remediating, executionId: id }),
      failuresPass,
      approve() {
        meanwhile?.(world);
        return approve?.() ?? true;
      },
    },
  };
}

/** Runs the runbook that mends. */
export function remediate<W extends Machine>(
  world: W,
  remediating: Remediating<W> = {},
): Promise<Executed> {
  const { executionId = 'execution-1', document = documents.mend } = remediating;
  const { approvers, execution } = runnable(world, remediating, executionId);
  return execute(mendRunbook({ ...props, approvers }), {
    ...execution,
    document,
    parameters: { FlowLogId: remediating.flowLogId ?? flowLogId },
  });
}

/** Runs the runbook that takes back what an execution put. */
export function takeBack<W extends Machine>(
  world: W,
  remediating: Remediating<W> = {},
): Promise<Executed> {
  const { executionId = 'execution-1', document = documents.takeBack } = remediating;
  const { approvers, execution } = runnable(world, remediating, 'take-back-1');
  return execute(takeBackRunbook({ ...props, approvers }), {
    ...execution,
    document,
    parameters: { ExecutionId: executionId },
  });
}

/** What the last function said: its message, or its error's. */
export function saidIn({ steps }: Executed): string {
  const payload = steps.findLast(({ outputs }) => outputs.Payload !== undefined)?.outputs.Payload;
  return payload === undefined ? '' : wordsIn(payload);
}

export function wordsIn(payload: string): string {
  const { message, errorMessage } = JSON.parse(payload) as Readonly<Record<string, string>>;
  return message ?? errorMessage ?? '';
}

export const stepsIn = ({ steps }: Executed): string => steps.map(({ name }) => name).join(' ');

// What is so in the end ----------------------------------------------------------------------------------------------

/** The flow logs that the policy admits by a statement of ours. */
export const admittedIn = (policy: Policy): readonly string[] =>
  statementsIn(policy)
    .filter(({ Sid = '' }) => /^FlowLogKeyRule\d*$/.test(Sid))
    .flatMap(({ Condition }) => Condition?.ArnLike?.['aws:SourceArn'] ?? []);

/** The statements that are not ours. */
export const othersIn = (policy: Policy): readonly Statement[] =>
  statementsIn(policy).filter(({ Sid = '' }) => !/^FlowLogKeyRule\d*$/.test(Sid));

export const leaseIn = (world: World, where = region): Item | undefined =>
  world.tables.itemsIn(where).get(`lease/${keyArn}`);

/** As if this much time had gone by since the key's lease was taken, and its policy put. */
export function age(world: World, milliseconds = 3_600_000): void {
  const lease = leaseIn(world) ?? {};
  for (const name of ['heldUntil', 'lastPutAt'])
    if (lease[name]?.N !== undefined)
      lease[name] = { N: String(Number(lease[name].N) - milliseconds) };
}

export const callsIn = ({ aws }: World, operation: string) =>
  aws.calls.filter((call) => call.operation === operation);
