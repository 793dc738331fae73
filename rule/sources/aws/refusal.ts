/** Names of the errors by which AWS refuses a call. Throttling, expired credentials and the like are failures, not refusals. */
const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccountProblem',
  'AllAccessDisabled',
  'Forbidden',
  // S3's answer to a request for the bucket policy of another account.
  'MethodNotAllowed',
  'UnauthorizedOperation',
]);

/** Whether AWS refused the call. A failure of the call is no refusal. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && refusals.has(error.name);

/** Whether AWS answered with the error of this name. */
export const isErrorNamed = (error: unknown, name: string): error is Error =>
  error instanceof Error && error.name === name;
