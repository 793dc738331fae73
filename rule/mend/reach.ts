import { accountIn } from '../model/arn.ts';
import { isUnknown } from '../model/facts.ts';
import { lookAcross, type Others, type Own } from '../sources/across/accounts.ts';
import type { Across } from '../sources/aws/source.ts';
import type { Clients, Session } from '../sources/aws/clients.ts';

/** Where mending reads and writes, and with whose credentials. */
export interface Reach {
  /** Enters the account of the flow logs to read there. Rejects where that is refused. */
  readonly enter: () => Promise<Clients>;
  /** How to look into other accounts; undefined where this one is all there is. */
  readonly across: Across | undefined;
  /** Whose credentials change a key's policy; undefined for those that the SDK finds. Rejects where nobody's do. */
  readonly mendAs: (keyArn: string) => Promise<Session | undefined>;
}

/** One account, in which the credentials that the SDK finds read and write. */
export const ofOneAccount = (accountId: string, clients: Clients): Reach => ({
  enter: () => Promise.resolve(clients),
  across: undefined,
  mendAs(keyArn) {
    const owner = accountIn(keyArn);
    if (owner === accountId) return Promise.resolve(undefined);
    return Promise.reject(
      new Error(`key ${keyArn} is in account ${owner}: mend it from there, or by a central mender`),
    );
  },
});

/**
 * What reaches the flow logs of an account and the keys behind them: the function's own credentials, or, where there is
 * a mender role, the roles in every account, the function's own included. Throws for an account that it is not for.
 */
export function reachInto(
  accountId: string,
  own: Own,
  { menderRoleName, others }: { menderRoleName: string | undefined; others: Others },
): Reach {
  const across = lookAcross(own, others);
  if (menderRoleName === undefined) {
    if (accountId !== own.accountId)
      throw new Error(
        `account ${accountId} is refused: this function mends for ${own.accountId ?? 'no account'}`,
      );
    return { ...ofOneAccount(accountId, own.clients), across };
  }
  if (across === undefined)
    throw new Error(
      'MENDER_ROLE_NAME needs ReaderRoleName in RULE_PARAMETERS, the role to read by',
    );
  return {
    across,
    async enter() {
      const entered = await across.enter(accountId);
      if (isUnknown(entered)) throw new Error(`flow logs cannot be read: ${entered.why}`);
      return entered;
    },
    async mendAs(keyArn) {
      const session = await own.takeRole(accountIn(keyArn), menderRoleName);
      if (isUnknown(session)) throw new Error(`key ${keyArn} cannot be mended: ${session.why}`);
      return session;
    },
  };
}
