/** A positive number in an environment variable, or else the usual limit. */
function numberIn(variable: string, usual: number): number {
  const number = Number(process.env[variable]);
  return number > 0 ? number : usual;
}

/** The longest waits, in milliseconds. Environment variables set other limits, so that tests wait for milliseconds. */
export const waitLimits = {
  /** For a connection. */
  connectMs: numberIn('FLOW_LOG_KEY_CONNECT_MS', 5_000),
  /** For an answer to one attempt of a call. */
  requestMs: numberIn('FLOW_LOG_KEY_REQUEST_MS', 20_000),
  /** From the first attempt of a call to the start of the last. */
  retryMs: numberIn('FLOW_LOG_KEY_RETRY_MS', 30_000),
  /** For the answer about one bucket or key, all calls together; the flow logs that need the answer wait as long. */
  questionMs: numberIn('FLOW_LOG_KEY_FLOW_LOG_MS', 60_000),
  /** For entering an account, all roles together. */
  enterMs: numberIn('FLOW_LOG_KEY_ENTER_MS', 60_000),
} as const;

/** The most questions that wait for AWS at once. Environment variables set other bounds. */
export const atOnce = {
  /**
   * About buckets and keys, each one call after the other. KMS takes 1,000 GetKeyPolicy a second from all callers of an
   * account and Region together, so eight calls of 10 ms leave room for others. S3 tells no quota.
   * https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
   */
  questions: Math.ceil(numberIn('FLOW_LOG_KEY_CALLS_AT_ONCE', 8)),
  /** Lists of accounts in an aggregator. AWS Config tells no quota of queries; a throttled query waits and comes again. */
  lists: Math.ceil(numberIn('FLOW_LOG_KEY_LISTS_AT_ONCE', 8)),
} as const;
