import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { errorText } from '../../basics/text.ts';

/** Names of the errors by which AWS says that the caller may not. */
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

/** Names of other answers that stay, where the status of HTTP does not say so. */
const lastingAnswers = new Set([
  'IllegalLocationConstraintException',
  'InvalidToken',
  'NotFoundException',
  'NotImplemented',
  'OptInRequired',
  'UnrecognizedClientException',
  'ValidationException',
]);

const renew = 'run aws sso login, or renew the credentials';
const setClock = 'set the clock of this machine';

/** The next step where the credentials or the clock of the caller are at fault: every other call fails too. */
const stepsForCaller = new Map([
  ['AuthFailure', `${setClock}, or renew the credentials`],
  ['ExpiredToken', renew],
  ['ExpiredTokenException', renew],
  ['InvalidSignatureException', `${setClock}, or renew the credentials`],
  ['RequestExpired', setClock],
  ['RequestInTheFuture', setClock],
  ['RequestTimeTooSkewed', setClock],
  ['SignatureDoesNotMatch', `${setClock}, or renew the credentials`],
  ['TokenRefreshRequired', renew],
]);

type SdkError = Parameters<typeof isTransientError>[0];

/** Statuses of 4xx that tell to ask again. */
const passingStatuses = new Set([408, 409, 425, 429]);

/** Whether AWS refused the call. A failure of the call is no refusal. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && refusals.has(error.name);

/** Whether AWS answered with the error of this name. */
export const isErrorNamed = (error: unknown, name: string): error is Error =>
  error instanceof Error && error.name === name;

/**
 * Whether AWS will answer the same to the same call tomorrow: a refusal, or another error of the request. Throttling,
 * a broken service, expired credentials and a wrong clock pass.
 */
export function isLasting(error: unknown): error is Error {
  if (!(error instanceof Error) || stepsForCaller.has(error.name)) return false;
  const { $metadata, name } = error as SdkError;
  if (refusals.has(name)) return true;
  if (isThrottlingError(error as SdkError) || isTransientError(error as SdkError)) return false;
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    lastingAnswers.has(name) ||
    status === 501 ||
    (status >= 300 && status < 500 && !passingStatuses.has(status))
  );
}

/** The next step after a lasting answer about a bucket or key. */
export function stepAfter({ name }: Error, action: string): string {
  // KMS hides keys from other accounts behind NotFoundException.
  if (refusals.has(name) || name === 'NotFoundException')
    return `allow ${action} on it, or run in the account that owns it`;
  return regionIsClosed.has(name)
    ? 'enable its Region in this account, or run in the account that owns it'
    : 'look at it in the account that owns it';
}

/** AWS's answers where the account has not enabled the Region. */
const regionIsClosed = new Set(['InvalidToken', 'OptInRequired', 'UnrecognizedClientException']);

/** Codes of Node.js for a connection that did not come about. */
const connectionFailures = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

/**
 * The error with the name of the subject, where no answer came: the SDK's own words name none. With the next step, where
 * the network, the credentials or the clock of the caller are at fault.
 */
export function explained(error: unknown, subject: string): unknown {
  if (!(error instanceof Error)) return error;
  const words = errorText(error);
  if (error.name === 'TimeoutError')
    return new Error(`${subject} has not answered: ${words}`, { cause: error });
  const { code = '' } = error as NodeJS.ErrnoException;
  if (connectionFailures.has(code))
    return new Error(
      `${subject} cannot be reached (${words}): look at the network, the proxy and the name of the Region`,
      { cause: error },
    );
  const step = stepsForCaller.get(error.name);
  return step === undefined ? error : new Error(`${words}: ${step}`, { cause: error });
}
