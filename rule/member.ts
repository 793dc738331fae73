import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { isUnknown } from './model/facts.ts';
import type { Parameters } from './parameters.ts';
import { accounts } from './sources/accounts.ts';
import type { Across } from './sources/aws.ts';
import { ownersOf } from './sources/bucket-owner.ts';
import { gently, type Clients, type Counter } from './sources/clients.ts';
import type { Session, TakeRole } from './sources/roles.ts';

/** What works with the credentials of the function's own account. */
export interface Own {
  readonly accountId: string;
  readonly clients: Clients;
  readonly config: ConfigServiceClient;
  readonly takeRole: TakeRole;
  readonly calls: Counter;
  /** The role in other accounts that reports there; undefined where the function answers for its own account alone. */
  readonly reporterRoleName: string | undefined;
}

/** What works in the account that asks. */
export interface Member {
  readonly clients: Clients;
  readonly config: ConfigServiceClient;
  /** The credentials that report there; undefined for the function's own. */
  readonly reporter: Session | undefined;
  readonly across: Across | undefined;
}

/**
 * Enters the account whose rule asks. Its results are put with its own credentials, so whoever has no reporter role for
 * us is a stranger: rejects.
 */
export async function enterMember(
  accountId: string,
  own: Own,
  { readerRoleName, ownerAccounts, aggregator }: Parameters,
): Promise<Member> {
  const { clients, config, takeRole, calls, reporterRoleName } = own;
  const enter = accounts({ own: own.accountId, clients, takeRole, readerRoleName, logger: calls });
  const across =
    readerRoleName === undefined
      ? undefined
      : { enter, ownersOf: ownersOf({ config, ownerAccounts, aggregator }) };
  if (accountId === own.accountId) return { clients, config, reporter: undefined, across };
  if (reporterRoleName === undefined)
    throw new Error(
      `event of account ${accountId} refused: this function answers for ${own.accountId}`,
    );
  const reporter = await takeRole(accountId, reporterRoleName);
  if (isUnknown(reporter))
    throw new Error(`event of account ${accountId} refused: ${reporter.unknown}`);
  const entered = await enter(accountId);
  if (isUnknown(entered)) throw new Error(`flow logs cannot be listed: ${entered.unknown}`);
  const reporting = new ConfigServiceClient({ ...gently, logger: calls, credentials: reporter });
  return { clients: entered, config: reporting, reporter, across };
}
