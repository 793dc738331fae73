import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { errorText } from '../basics/text.ts';
import { isUnknown } from '../model/facts.ts';
import type { Place } from '../model/place.ts';
import { clientConfig, type Session } from '../sources/aws/clients.ts';
import { isErrorNamed, isRefusal } from '../sources/aws/refusal.ts';
import type { TakeRole } from '../sources/aws/roles.ts';
import type { StartResult } from './coalesce.ts';
import { startRule, type RuleStarts } from './rule-starts.ts';

export interface RestartOptions {
  readonly takeRole: TakeRole;
  /** The role that starts the rule, in every account. */
  readonly roleName: string;
  readonly ruleName: string;
  readonly starts: RuleStarts;
  /** Called when a start could not be remembered: the rule may be started once more. */
  readonly onNotRemembered: (error: unknown) => void;
}

/**
 * Starts the rule of an account and Region, and remembers the time. Two functions may try at once: AWS Config's limit
 * of one start a minute lets only one through. Rejects where a call fails but may succeed later.
 */
export const restartsWith =
  (options: RestartOptions) =>
  async (place: Place): Promise<StartResult> => {
    const { takeRole, roleName, ruleName, starts, onNotRemembered } = options;
    const session = await takeRole(place.accountId, roleName);
    if (isUnknown(session)) return { kind: 'never', why: `${notStarted(place)}${session.why}` };
    // The time before the start: an edit sent during the start is not covered.
    const startedAt = Date.now();
    try {
      await startIn(place.region, session, ruleName);
    } catch (error) {
      return startFailure(error, place, options);
    }
    await starts.remember(place, startedAt).catch(onNotRemembered);
    return { kind: 'started' };
  };

const notStarted = ({ accountId, region }: Place): string =>
  `rule in account ${accountId}, ${region} not started: `;

async function startIn(region: string, credentials: Session, ruleName: string): Promise<void> {
  // No retries: an attempt at once would meet the same limit.
  const client = new ConfigServiceClient({
    requestHandler: clientConfig.requestHandler,
    region,
    credentials,
    maxAttempts: 1,
  });
  try {
    await startRule(client, ruleName);
  } finally {
    client.destroy();
  }
}

/** Tells a passing failure from a lasting failure. The words of a lasting failure say the next step. */
function startFailure(
  error: unknown,
  place: Place,
  { roleName, ruleName }: Pick<RestartOptions, 'roleName' | 'ruleName'>,
): StartResult {
  if (isErrorNamed(error, 'NoSuchConfigRuleException'))
    return {
      kind: 'never',
      why: `${notStarted(place)}there is no rule ${ruleName}: deploy the rule there, or leave this account and Region out of the aggregator`,
    };
  if (isRefusal(error))
    return {
      kind: 'never',
      why: `${notStarted(place)}role ${roleName} may not (${error.name}): allow it config:StartConfigRulesEvaluation`,
    };
  return { kind: 'later', why: errorText(error) };
}
