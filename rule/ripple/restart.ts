import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { Started } from './coalesce.ts';
import { isUnknown } from '../model/facts.ts';
import { errorText } from '../basics/text.ts';
import { startRule, type RuleStarts } from './rule-starts.ts';
import type { Place } from '../model/place.ts';
import { isErrorNamed, isRefusal } from '../sources/aws/refusal.ts';
import type { TakeRole } from '../sources/aws/roles.ts';
import type { Session } from '../sources/aws/clients.ts';

export interface RestartOptions {
  readonly takeRole: TakeRole;
  /** The role that starts the rule, in every account. */
  readonly roleName: string;
  readonly ruleName: string;
  readonly starts: RuleStarts;
  /** Told of a start that could not be noted, so that it may be made once more. */
  readonly notNoted: (error: unknown) => void;
}

/**
 * Starts the rule of an account and Region, and notes when. AWS Config's limit of one start a minute is what keeps two
 * who try at once apart. Rejects where a call fails that may succeed another time.
 */
export const restartsWith =
  ({ takeRole, roleName, ruleName, starts, notNoted }: RestartOptions) =>
  async (place: Place): Promise<Started> => {
    const session = await takeRole(place.accountId, roleName);
    if (isUnknown(session)) return { kind: 'never', why: `${inWords(place)}${session.why}` };
    // Our clock just before: an edit that is sent while it starts is not covered.
    const at = Date.now();
    try {
      await startIn(place.region, session, ruleName);
    } catch (error) {
      return refused(error, { place, roleName, ruleName });
    }
    await starts.keep(place, at).catch(notNoted);
    return { kind: 'started' };
  };

const inWords = ({ accountId, region }: Place): string =>
  `rule in account ${accountId}, ${region} not started: `;

async function startIn(region: string, credentials: Session, ruleName: string): Promise<void> {
  // To try again at once would be to meet the same limit.
  const client = new ConfigServiceClient({ region, credentials, maxAttempts: 1 });
  try {
    await startRule(client, ruleName);
  } finally {
    client.destroy();
  }
}

/** Whether it is worth another try, with the next step where it is not. */
function refused(
  error: unknown,
  {
    place,
    roleName,
    ruleName,
  }: { readonly place: Place; readonly roleName: string; readonly ruleName: string },
): Started {
  if (isErrorNamed(error, 'NoSuchConfigRuleException'))
    return {
      kind: 'never',
      why: `${inWords(place)}there is no rule ${ruleName}: deploy the rule there, or leave that out of the aggregator`,
    };
  if (isRefusal(error))
    return {
      kind: 'never',
      why: `${inWords(place)}role ${roleName} may not (${error.name}): allow it config:StartConfigRulesEvaluation`,
    };
  return { kind: 'later', why: errorText(error) };
}
