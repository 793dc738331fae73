import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { partitionOf } from '../../model/arn.ts';
import { type Unknown, unknown } from '../../model/facts.ts';
import { clientConfig, type Counter, type Credentials, type Session } from './clients.ts';
import { isRefusal } from './refusal.ts';

/** Takes the role of this name in an account: one session for each, or why there is none. */
export type TakeRole = (accountId: string, roleName: string) => Promise<Session | Unknown>;

/** A session is renewed when less than this is left of it, in milliseconds. */
const LEFT = 5 * 60 * 1000;

/**
 * Takes roles through the Region's own endpoint. A role's ARN is made of the account id and the name alone. What is done
 * in a session shows under its name in that account's CloudTrail.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function takesRoles(
  region: string,
  logger?: Counter,
  sessionName = 'flow-log-key-rule',
): TakeRole {
  const sts = new STSClient({ ...clientConfig, region, ...(logger && { logger }) });
  const sessions = new Map<string, Session>();
  return async (accountId, roleName) => {
    if (!/^\d{12}$/.test(accountId)) return unknown(`"${accountId}" is not an account id`);
    const roleArn = `arn:${partitionOf(region)}:iam::${accountId}:role/${roleName}`;
    const session = sessions.get(roleArn) ?? renewed(() => assume(sts, roleArn, sessionName));
    sessions.set(roleArn, session);
    try {
      await session();
      return session;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return unknown(
        `role ${roleName} of account ${accountId} cannot be assumed (${error.name}): deploy it there, and let it trust the role of this function`,
      );
    }
  };
}

async function assume(
  sts: STSClient,
  RoleArn: string,
  RoleSessionName: string,
): Promise<Credentials> {
  const { Credentials: it } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  return {
    accessKeyId: it?.AccessKeyId ?? '',
    secretAccessKey: it?.SecretAccessKey ?? '',
    sessionToken: it?.SessionToken ?? '',
    expiration: it?.Expiration ?? new Date(),
  };
}

/** The same credentials to all who ask, while they last; a refusal too, for as long as this process asks. */
function renewed(make: Session): Session {
  let made: Promise<Credentials> | undefined;
  let until = 0;
  return async () => {
    if (made === undefined || Date.now() > until) {
      until = Infinity;
      made = make();
      const fresh = made;
      fresh.then(
        ({ expiration }) => {
          until = expiration.getTime() - LEFT;
        },
        () => {
          until = Date.now() + REFUSED;
        },
      );
    }
    return made;
  };
}

/** How long nobody asks again after a failure, in milliseconds. */
const REFUSED = 60_000;
