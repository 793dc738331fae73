import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { memoize } from '../basics/memory.ts';
import { leaseItem, noticeIn, type LeaseItemOptions, type PutNotice } from './lease-item.ts';

/** The right to change the policy of a key, for a single holder at a time. */
export interface Lease {
  /** The time in milliseconds since 1970. Answers of AWS correct the clock of this machine. */
  readonly now: () => number;
  readonly take: () => Promise<TakenLease | HeldLease>;
  /** Leaves the notice of the next put. Rejects if the lease is lost. */
  readonly announce: (notice: PutNotice) => Promise<void>;
  /** Ends the lease. The notice stays for the next holder. */
  readonly release: () => Promise<void>;
  /** Ends the lease if certainly nothing was put: the former notice counts again. */
  readonly cancel: (former: PutNotice | undefined) => Promise<void>;
}

export interface TakenLease {
  readonly kind: 'taken';
  /** The notice of the former holder; undefined where no put is remembered. */
  readonly former: PutNotice | undefined;
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
        return { kind: 'taken', former: noticeIn(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The holder may be of another account, and so stands in no message.
        return { kind: 'held', until: Number(error.Item?.heldUntil?.N ?? time) };
      }
    },
    announce: (notice) => item.updateOwn('SET lastPut = :put, lastPutAt = :at', notice),
    release: () => item.updateOwn('REMOVE holder, heldUntil').catch(ignoreEndedLease),
    cancel: (former) =>
      (former === undefined
        ? item.updateOwn('REMOVE holder, heldUntil, lastPut, lastPutAt')
        : item.updateOwn('SET lastPut = :put, lastPutAt = :at REMOVE holder, heldUntil', former)
      ).catch(ignoreEndedLease),
  };
}

/** A lease may end before the release: the time is over, or the SDK repeats a call after a lost answer. */
function ignoreEndedLease(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
