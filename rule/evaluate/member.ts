import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { withTimeLimit } from '../basics/time-limit.ts';
import { waitLimits } from '../basics/wait-limits.ts';
import { isUnknown } from '../model/facts.ts';
import { lookAcross, type Others, type Own } from '../sources/across/accounts.ts';
import type { Across } from '../sources/aws/source.ts';
import { clientConfig, type Clients, type Session } from '../sources/aws/clients.ts';

/** The account whose rule asks, as the function works in it. */
export interface Member {
  readonly clients: Clients;
  readonly config: ConfigServiceClient;
  /** The credentials to report with; undefined for the function's own. */
  readonly reporter: Session | undefined;
  readonly across: Across | undefined;
}

/** The parts of the rule and of the run that matter for entering an account. */
export interface EnterOptions {
  readonly reporterRoleName: string | undefined;
  readonly others: Others;
  /** The end of entering, in milliseconds since 1970. */
  readonly deadline: number;
}

/**
 * Enters the account whose rule asks. A function for an organization enters every account by roles, the function's own
 * account included. Evaluations are put with the account's own credentials. So an account without the reporter role is
 * a stranger: rejects. Rejects too where AWS STS does not answer in time: Lambda repeats the event.
 */
export function enterMember(accountId: string, own: Own, options: EnterOptions): Promise<Member> {
  const limitMs = Math.min(waitLimits.enterMs, options.deadline - Date.now());
  return withTimeLimit(
    () => memberEntered(accountId, own, options),
    limitMs,
    `account ${accountId} could not be entered: AWS STS has not answered for ${Math.round(limitMs)} ms, look at the network path to AWS`,
  );
}

async function memberEntered(
  accountId: string,
  own: Own,
  { reporterRoleName, others }: EnterOptions,
): Promise<Member> {
  const { clients, config, takeRole, calls } = own;
  const across = lookAcross(own, others);
  if (accountId === own.accountId) return { clients, config, reporter: undefined, across };
  const refused = `event of account ${accountId} refused`;
  if (reporterRoleName === undefined)
    throw new Error(`${refused}: this function answers for ${own.accountId ?? 'no account'}`);
  if (across === undefined)
    throw new Error(`${refused}: give the rule the parameter ReaderRoleName, the role to read by`);
  const reporter = await takeRole(accountId, reporterRoleName);
  if (isUnknown(reporter)) throw new Error(`${refused}: ${reporter.why}`);
  const entered = await across.enter(accountId);
  if (isUnknown(entered)) throw new Error(`flow logs cannot be listed: ${entered.why}`);
  const reporting = new ConfigServiceClient({
    ...clientConfig,
    ...(calls && { logger: calls }),
    credentials: reporter,
  });
  return { clients: entered, config: reporting, reporter, across };
}
