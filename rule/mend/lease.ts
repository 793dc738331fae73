import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { memoize } from '../basics/memory.ts';
import { leaseItem, type LeaseItemOptions } from './lease-item.ts';
import { rememberExpression, rememberedIn, type RememberedPut } from './remembered-put.ts';

/** The right to change the policy of a key, for a single holder at a time. */
export interface Lease {
  /** The time in milliseconds since 1970. Answers of AWS correct the clock of this machine. */
  readonly now: () => number;
  readonly take: () => Promise<TakenLease | HeldLease>;
  /** Remembers the next put. Rejects if the lease is lost. */
  readonly announce: (put: RememberedPut) => Promise<void>;
  /** Ends the lease. The next holder hears of the remembered put. */
  readonly release: () => Promise<void>;
  /** Ends the lease if certainly nothing was put: the former put is remembered again. */
  readonly cancel: (former: RememberedPut | undefined) => Promise<void>;
}

export interface TakenLease {
  readonly kind: 'taken';
  /** The last put by a former holder; undefined where no put is remembered. */
  readonly former: RememberedPut | undefined;
}

interface HeldLease {
  readonly kind: 'held';
  /** In milliseconds since 1970. */
  readonly until: number;
}

export interface LeaseOptions extends LeaseItemOptions {
  /** A lease ends after this time if the holder dies. Far longer than a holder works, because clocks differ. */
  readonly durationMs: number;
}

/**
 * A lease as an item of a table. Only the holder can write the item, and the lease ends by itself.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function leaseOn(client: DynamoDBClient, options: LeaseOptions): Lease {
  const item = leaseItem(client, options);
  // The SDK corrects the clock by the first answer. The first call reads: with a wrong time no lease may be taken.
  const correctClock = memoize(item.read);
  const now = (): number => Date.now() + client.config.systemClockOffset;
  return {
    now,
    async take() {
      await correctClock();
      const time = now();
      try {
        const { Attributes } = await item.take(time, time + options.durationMs);
        return { kind: 'taken', former: rememberedIn(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The holder may be of another account, and so stands in no message.
        return { kind: 'held', until: Number(error.Item?.heldUntil?.N ?? time) };
      }
    },
    announce: (put) => item.updateOwn(rememberExpression, put),
    release: () => item.updateOwn('REMOVE holder, heldUntil').catch(ignoreEndedLease),
    cancel: (former) =>
      (former === undefined
        ? item.updateOwn('REMOVE holder, heldUntil, lastPut, lastPutAt, replacedPolicies, putBy')
        : item.updateOwn(`${rememberExpression} REMOVE holder, heldUntil`, former)
      ).catch(ignoreEndedLease),
  };
}

/** A lease may end before the release: the time is over, or the SDK repeats a call after a lost answer. */
function ignoreEndedLease(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
