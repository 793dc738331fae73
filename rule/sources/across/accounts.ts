import type { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { isUnknown } from '../../model/facts.ts';
import type { Across, Enter } from '../aws/source.ts';
import { ownersOf } from './bucket-owner.ts';
import { makeClients, type Clients, type Counter } from '../aws/clients.ts';
import type { TakeRole } from '../aws/roles.ts';

/** What works with the credentials that the SDK finds. */
export interface Own {
  /** The account that they look into; undefined where they only take roles, in every account, their own included. */
  readonly accountId: string | undefined;
  readonly clients: Clients;
  readonly config: ConfigServiceClient;
  readonly takeRole: TakeRole;
  /** Told of each call. */
  readonly calls?: Counter;
}

/** Which other accounts may be looked into, and how. */
export interface Others {
  readonly readerRoleName: string | undefined;
  readonly ownerAccounts: readonly string[];
  readonly aggregator: string | undefined;
}

/** The own account by its own credentials, others by the reader role in them; undefined where no role is named. */
export function lookAcross(own: Own, { readerRoleName, ...owners }: Others): Across | undefined {
  if (readerRoleName === undefined) return undefined;
  const { config } = own;
  return { enter: enterFrom(own, readerRoleName), ownersOf: ownersOf({ config, ...owners }) };
}

function enterFrom({ accountId: own, clients, takeRole, calls }: Own, role: string): Enter {
  const entered = new Map<string, Clients>();
  return async (accountId) => {
    if (accountId === own) return clients;
    // Asked each time: the session is kept, and it may be refused later.
    const session = await takeRole(accountId, role);
    if (isUnknown(session)) return session;
    const made = entered.get(accountId) ?? makeClients(calls, session);
    entered.set(accountId, made);
    return made;
  };
}
