/** What AWS calls a refusal. Throttling, expired credentials and the like are none: those have to be heard of. */
const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccountProblem',
  'AllAccessDisabled',
  'Forbidden',
  // S3's word for a bucket policy that is asked for from another account.
  'MethodNotAllowed',
  'UnauthorizedOperation',
]);

/** Whether AWS will not tell, as opposed to a call that failed. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && refusals.has(error.name);

/** Whether AWS answered with this error. */
export const isNamed = (error: unknown, name: string): error is Error =>
  error instanceof Error && error.name === name;
