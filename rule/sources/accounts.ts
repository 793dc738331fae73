import { isUnknown, type Unknown } from '../model/facts.ts';
import { makeClients, type Clients, type Counter } from './clients.ts';
import type { TakeRole } from './roles.ts';

/** Enters an account to read there: its clients, or why it cannot be entered. */
export type Enter = (accountId: string) => Promise<Clients | Unknown>;

export interface AccountsOptions {
  /** The account of the credentials that the SDK finds, and clients with these. */
  readonly own: string;
  readonly clients: Clients;
  readonly takeRole: TakeRole;
  /** The role that reads in other accounts; undefined where there is none. */
  readonly readerRoleName: string | undefined;
  readonly logger?: Counter;
}

/** The own account by its own credentials, others by the reader role in them. */
export function accounts({
  own,
  clients,
  takeRole,
  readerRoleName,
  logger,
}: AccountsOptions): Enter {
  const entered = new Map<string, Clients>();
  return async (accountId) => {
    if (accountId === own) return clients;
    if (readerRoleName === undefined)
      return { unknown: `account ${accountId} is another one: run there, or name a reader role` };
    // Asked each time: the session is kept, and it may be refused later.
    const session = await takeRole(accountId, readerRoleName);
    if (isUnknown(session)) return session;
    const made = entered.get(accountId) ?? makeClients(logger, session);
    entered.set(accountId, made);
    return made;
  };
}
