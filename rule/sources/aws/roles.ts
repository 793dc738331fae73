import { memoize } from '../../basics/memory.ts';
import { partitionOf } from '../../model/arn.ts';
import { type Unknown, unknown } from '../../model/facts.ts';
import { clientConfig, type Counter, type Credentials, type Session } from './clients.ts';
import { explained, isLasting } from './refusal.ts';

/** Takes a role in an account. All callers share a role's session; unknown where AWS refuses the role. */
export type TakeRole = (accountId: string, roleName: string) => Promise<Session | Unknown>;

/** A session is renewed this long before the session expires. */
const RENEW_BEFORE_EXPIRY_MS = 5 * 60 * 1000;

/** After a failure nobody asks again for this long. */
const REMEMBER_FAILURE_MS = 60_000;

/**
 * Takes roles through the Region's own endpoint. Only the account id and the role name make the ARN of a role, so the name
 * of a role with a path has the path in front. The calls of a session stand under the session's name in CloudTrail of the entered account.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function takesRoles(
  region: string,
  logger?: Counter,
  sessionName = 'flow-log-key-rule',
): TakeRole {
  const config = { ...clientConfig, region, ...(logger && { logger }) };
  const assumption = memoize(async () => (await import('./assume-role.ts')).assumesRoles(config));
  const sessions = new Map<string, Session>();
  return async (accountId, roleName) => {
    if (!/^\d{12}$/.test(accountId)) return unknown(`"${accountId}" is not an account id`);
    const roleArn = `arn:${partitionOf(region)}:iam::${accountId}:role/${roleName}`;
    const session =
      sessions.get(roleArn) ??
      sharedSession(async () => (await assumption())(roleArn, sessionName));
    sessions.set(roleArn, session);
    try {
      await session();
      return session;
    } catch (error) {
      if (!isLasting(error)) throw explained(error, `role ${roleName} of account ${accountId}`);
      return unknown(
        `role ${roleName} of account ${accountId} cannot be assumed (${error.name}): deploy it there, and let it trust the role of this function`,
      );
    }
  };
}

/** Shares credentials among all callers until shortly before the expiry, and a failure for a while. */
function sharedSession(assumeRole: Session): Session {
  let credentials: Promise<Credentials> | undefined;
  let validUntil = 0;
  return async () => {
    if (credentials === undefined || Date.now() > validUntil) {
      validUntil = Infinity;
      credentials = assumeRole();
      credentials.then(
        ({ expiration }) => {
          validUntil = expiration.getTime() - RENEW_BEFORE_EXPIRY_MS;
        },
        () => {
          validUntil = Date.now() + REMEMBER_FAILURE_MS;
        },
      );
    }
    return credentials;
  };
}
