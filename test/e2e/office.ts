import { setTimeout as wait } from 'node:timers/promises';
import { SETTLED_PACES } from '../../rule/mend/timing.ts';
import type { Executed } from './automation.ts';
import type { Account, Seen } from './aws-stand-in.ts';
import { automations, type Automations } from './automation-stand-in.ts';
import { tables, type Tables } from './dynamo-stand-in.ts';
import { keyPolicies, type KeyPolicies, type Policy } from './kms-stand-in.ts';
import {
  admittedIn,
  remediate,
  saidIn,
  takeBack,
  type Machine,
  type Remediating,
} from './mender.ts';
import {
  startOrganization,
  type Organization,
  type OrganizationAws,
} from './organization-stand-in.ts';
import {
  account,
  archive,
  bucketOf,
  central,
  executionReader,
  keyArn,
  keyOf,
  member,
  memberWith,
  mender,
  reader,
  region,
  reporter,
  roleIn,
  security,
} from './organization-world.ts';

/** Another member of the organization. */
export const neighbour = '222233334444';

/** A name in the policy of the key that is nobody else's business. */
export const SECRET = 'NotForOtherAccounts';

export const closedIn = (accountId: string): Policy => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: SECRET,
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});
export const closed = closedIn(security);

export interface Office extends Machine {
  readonly aws: OrganizationAws;
  readonly policies: KeyPolicies;
  /** The tables of the accounts that have one. */
  readonly tables: Readonly<Record<string, Tables>>;
}

export interface Given {
  readonly change?: (organization: Organization) => Organization;
  /** The accounts without a table. */
  readonly withoutTable?: readonly string[];
  /** Principals that are gone. */
  readonly deleted?: readonly string[];
  /** The text of the key's policy. */
  readonly policy?: string;
  /** Whose flow log it is. */
  readonly asking?: string;
}

/** All roles that it takes, and no others. */
export const roles = {
  ...roleIn(reader, central, member, neighbour, archive, security),
  ...roleIn(reporter, central, member),
  ...roleIn(mender, central, security),
  ...roleIn(executionReader, central, member, neighbour, security),
};

/** A flow log that AWS cannot write, its bucket and its key, in three accounts; the mender is in a fourth. */
export async function inOffice<T>(given: Given, run: (office: Office) => Promise<T>): Promise<T> {
  const { change, withoutTable = [], asking = member, deleted = [], policy } = given;
  const texts = Object.fromEntries(
    [security, central].map((each) => [keyOf(each), policy ?? JSON.stringify(closedIn(each))]),
  );
  const policies = keyPolicies({ policies: texts, lag: 40, seed: 1, deleted });
  const kept = Object.fromEntries(
    [central, member, neighbour, archive, security].map((each) => [
      each,
      tables({
        name: ['flow-log-key-rule', ...(each === central ? ['flow-log-key-rule-central'] : [])],
        missingIn: withoutTable.includes(each) ? [region] : [],
      }),
    ]),
  );
  const shown = Object.fromEntries(
    [central, member, neighbour, archive, security].map((each) => [each, automations()]),
  );
  const automationsOf = (accountId: string): Automations => shown[accountId] ?? automations();
  const serving = (each: Account): Account => {
    const { accountId } = each;
    const keyed = [security, central].includes(accountId);
    return {
      ...each,
      keys: keyed ? { [keyOf(accountId)]: { policy: texts[keyOf(accountId)] ?? '' } } : {},
      services: {
        ...(keyed ? policies.operations : {}),
        ...kept[accountId]?.operations,
        ...automationsOf(accountId).operations,
      },
    };
  };
  const of = (accountId: string, has: Partial<Account> = {}) =>
    asking === accountId
      ? { ...memberWith(accountId, 'central-logs'), ...has }
      : account(accountId, has);
  const organization: Organization = {
    own: central,
    may: ['GetItem', 'PutItem', 'GetParameter'],
    accounts: [
      of(central, { parameters: { '/exemptions': '[]' } }),
      of(member),
      of(neighbour),
      account(archive, {
        buckets: { 'central-logs': bucketOf(keyArn), 'own-logs': bucketOf(keyOf(central)) },
      }),
      account(security),
    ],
    roles,
    shared: [],
  };
  const changed = change?.(organization) ?? organization;
  const aws = await startOrganization({ ...changed, accounts: changed.accounts.map(serving) });
  const running = new Set<AbortController>();
  const office = { aws, policies, tables: kept, logs: [], running, automationsOf };
  try {
    const result = await run(office);
    for (const each of Object.values(kept)) expect(each.misunderstood).toEqual([]);
    expect(office.logs.join('')).not.toContain(SECRET);
    return result;
  } finally {
    await aws.close();
  }
}

export const asCentral = {
  runIn: member,
  central: {
    accountId: central,
    menderRoleName: mender,
    executionReaderRoleName: executionReader,
  },
  ruleParameters: {
    ReaderRoleName: reader,
    OwnerAccounts: `${security},${archive}`,
    Exemptions: '/exemptions',
  },
};

export const mended = (office: Office, otherwise: Remediating<Office> = {}) =>
  remediate(office, { ...asCentral, ...otherwise });

export const tookBack = (office: Office, otherwise: Remediating<Office> = {}) =>
  takeBack(office, { ...asCentral, ...otherwise });

/** After a put of ours an edit counts after this time, at a pace of 2 ms. */
export const untilEditsCount = (): Promise<void> => wait(2 * SETTLED_PACES + 200);

export const failedWith = (ran: Executed, words: RegExp): void => {
  expect(saidIn(ran)).toMatch(words);
  expect(ran.status).toBe('Failed');
};

/** The calls of an operation, by account, with whose credentials they came. */
export const callsOf = (
  office: Office,
  operation: string,
): readonly (readonly [string, string])[] =>
  Object.keys(office.tables).flatMap((accountId) => {
    const { calls }: Seen = office.aws.of(accountId);
    return calls
      .filter((call) => call.operation === operation)
      .map(({ accessKeyId }) => [accountId, accessKeyId] as const);
  });

/** No policy was put, and no lease taken. */
export function nothingPut(office: Office): void {
  expect(callsOf(office, 'PutKeyPolicy')).toEqual([]);
  expect(callsOf(office, 'UpdateItem')).toEqual([]);
  expect(office.policies.historyOf(keyArn)).toHaveLength(1);
}

export const admitted = ({ policies }: Office): readonly string[] =>
  admittedIn(policies.policyOf(keyArn));

export const withRole = (role: string, operations: readonly string[] | undefined): Given => ({
  change: (organization) => ({
    ...organization,
    roles: Object.fromEntries(
      Object.entries({ ...organization.roles, [role]: operations }).flatMap(([name, may]) =>
        may === undefined ? [] : [[name, may]],
      ),
    ),
  }),
});

/** The flow log, its bucket and its key are in the central account. */
export const ofCentral: Given = {
  asking: central,
  change: (organization) => ({
    ...organization,
    accounts: organization.accounts.map((each) =>
      each.accountId === central
        ? { ...memberWith(central, 'own-logs'), parameters: { '/exemptions': '[]' } }
        : each,
    ),
  }),
};
