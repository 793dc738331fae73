import { waitLimits } from '../../basics/wait-limits.ts';

/** For failures other than throttling: a broken service must not hold up a run for long. */
const MAX_ATTEMPTS = 6;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** A wish of the service for a later retry counts up to this length. */
const LONGEST_WISH_MS = 5_000;

/** The attempts of one call so far, in the form of the SDK's retry tokens. */
interface Attempts {
  readonly startedAt: number;
  readonly getRetryCount: () => number;
  /** The pause before the next attempt, in milliseconds. */
  readonly getRetryDelay: () => number;
}

interface Failure {
  readonly errorType: 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR';
  readonly retryAfterHint?: Date;
}

const attempts = (startedAt: number, retries: number, pauseMs: number): Attempts => ({
  startedAt,
  getRetryCount: () => retries,
  getRetryDelay: () => pauseMs,
});

/**
 * Repeats throttled calls after random, growing pauses, as often as the time limit of a call has room. The strategies of
 * the SDK do not fit: the adaptive strategy slows all calls for minutes, and the standard strategy has an allowance for
 * 100 throttles. Few calls run at once, so retries need no allowance.
 */
export const retryStrategy = {
  acquireInitialRetryToken: () => Promise.resolve(attempts(Date.now(), 0, 0)),

  /** Rejects where no further attempt should follow. The SDK then rejects with the error of the last attempt. */
  refreshRetryTokenForRetry(last: Attempts, failure: Failure): Promise<Attempts> {
    const retries = last.getRetryCount() + 1;
    const pauseMs = pauseBefore(retries, failure);
    const isInTime = Date.now() + pauseMs - last.startedAt < waitLimits.retryMs;
    const isRetried =
      failure.errorType === 'THROTTLING' ||
      (failure.errorType === 'TRANSIENT' && retries < MAX_ATTEMPTS);
    return isRetried && isInTime
      ? Promise.resolve(attempts(last.startedAt, retries, pauseMs))
      : Promise.reject(new Error('no further attempt'));
  },

  recordSuccess: () => undefined,
};

function pauseBefore(retries: number, { retryAfterHint }: Failure): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (retries - 1), LONGEST_PAUSE_MS);
  const wishMs = (retryAfterHint?.getTime() ?? 0) - Date.now();
  return Math.floor(Math.max(Math.random() * longest, Math.min(wishMs, LONGEST_WISH_MS)));
}
