import { accountIn } from '../model/arn.ts';
import { isUnknown } from '../model/facts.ts';
import { lookAcross, type Others, type Own } from '../sources/across/accounts.ts';
import type { Clients, Session } from '../sources/aws/clients.ts';
import type { Across } from '../sources/aws/source.ts';

/** Nobody gave this deployment the right to mend a key. AWS answered, so the same question gets the same answer. */
export class NobodyMayMend extends Error {}

/** The accounts in which a mend reads and writes, and the credentials for each account. */
export interface Access {
  /** Clients for the account of the flow logs. Rejects if AWS refuses the role. */
  readonly readClients: () => Promise<Clients>;
  /** The way to read in other accounts; undefined for access to a single account. */
  readonly across: Across | undefined;
  /** Credentials to look at executions of runbooks in the account of the flow logs. Rejects if AWS refuses the role. */
  readonly executionCredentials: () => Promise<Session | undefined>;
  /** Credentials to change the policy of a key; undefined for the SDK's default. Rejects with NobodyMayMend. */
  readonly writeCredentials: (keyArn: string) => Promise<Session | undefined>;
}

/** Access to one account, with the SDK's default credentials. */
export const accessToOwnAccount = (accountId: string, clients: Clients): Access => ({
  readClients: () => Promise.resolve(clients),
  across: undefined,
  executionCredentials: () => Promise.resolve(undefined),
  writeCredentials(keyArn) {
    const owner = accountIn(keyArn);
    if (owner === accountId) return Promise.resolve(undefined);
    return Promise.reject(
      new NobodyMayMend(
        `key ${keyArn} is in account ${owner}: mend it from there, or by a central mender`,
      ),
    );
  },
});

/** The roles of a central function, by their names in every account. */
export interface CentralRoles {
  readonly mender: string;
  /** The role for looking at executions of runbooks. */
  readonly executionReader: string | undefined;
}

/**
 * Access to the flow logs of an account and to the keys behind them. A function without a mender role uses its own
 * credentials. A function with a mender role takes roles in all accounts, also in the function's own. Throws for a
 * foreign account if there is no mender role.
 */
export function accessFor(
  accountId: string,
  own: Own,
  { roles, others }: { roles: CentralRoles | undefined; others: Others },
): Access {
  const across = lookAcross(own, others);
  if (roles !== undefined) return accessByRoles(accountId, own, { ...roles, across });
  if (accountId !== own.accountId)
    throw new Error(
      `account ${accountId} is refused: this function mends for ${own.accountId ?? 'no account'}`,
    );
  return { ...accessToOwnAccount(accountId, own.clients), across };
}

function accessByRoles(
  accountId: string,
  { takeRole }: Own,
  { mender, executionReader, across }: CentralRoles & { readonly across: Across | undefined },
): Access {
  if (across === undefined)
    throw new Error(
      'MENDER_ROLE_NAME needs ReaderRoleName in RULE_PARAMETERS, the role to read by',
    );
  if (executionReader === undefined)
    throw new Error('MENDER_ROLE_NAME needs EXECUTION_READER_ROLE_NAME, the role to see who asks');
  return {
    across,
    async readClients() {
      const clients = await across.enter(accountId);
      if (isUnknown(clients)) throw new Error(`flow logs cannot be read: ${clients.why}`);
      return clients;
    },
    async executionCredentials() {
      const session = await takeRole(accountId, executionReader);
      if (isUnknown(session)) throw new Error(`the asking account is not proven: ${session.why}`);
      return session;
    },
    async writeCredentials(keyArn) {
      const session = await takeRole(accountIn(keyArn), mender);
      if (isUnknown(session))
        throw new NobodyMayMend(`key ${keyArn} cannot be mended: ${session.why}`);
      return session;
    },
  };
}
