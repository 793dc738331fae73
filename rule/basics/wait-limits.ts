/** A positive number of milliseconds in an environment variable, or else the usual limit. */
function millisecondsIn(variable: string, usual: number): number {
  const milliseconds = Number(process.env[variable]);
  return milliseconds > 0 ? milliseconds : usual;
}

/** The longest waits, in milliseconds. Environment variables set other limits, so that tests wait for milliseconds. */
export const waitLimits = {
  /** For a connection. */
  connectMs: millisecondsIn('FLOW_LOG_KEY_CONNECT_MS', 5_000),
  /** For an answer to one attempt of a call. */
  requestMs: millisecondsIn('FLOW_LOG_KEY_REQUEST_MS', 20_000),
  /** From the first attempt of a call to the start of the last. */
  retryMs: millisecondsIn('FLOW_LOG_KEY_RETRY_MS', 30_000),
  /** For the facts about one flow log, all calls together. */
  flowLogMs: millisecondsIn('FLOW_LOG_KEY_FLOW_LOG_MS', 60_000),
  /** For entering an account, all roles together. */
  enterMs: millisecondsIn('FLOW_LOG_KEY_ENTER_MS', 60_000),
} as const;
