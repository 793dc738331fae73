import * as v from 'valibot';
import { errorText, parseJson } from '../basics/text.ts';
import { optionalWords } from './hook-event.ts';

/** The templates of an operation, as texts of JSON or YAML. */
export interface Payload {
  /** The template to deploy. */
  readonly template: string | undefined;
  /** The template of the stack so far, where the event has the template. */
  readonly previous: string | undefined;
}

/**
 * Two templates of 1 MB, escaped, and a list of changes with the properties of all resources before and after.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const MAX_PAYLOAD_BYTES = 16_000_000;

/**
 * The host names of S3: regional, dual-stack, FIPS, or without a Region, each also behind the name of a bucket. AWS does not
 * document the bucket of the payload.
 * https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
const S3_HOST =
  /^([a-z0-9][a-z0-9.-]*\.)?s3(-fips)?(\.dualstack)?([.-][a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com$/;

/** Fetches the templates. An Error never has the URL: whoever has the URL may read the templates. */
export async function fetchPayload(
  url: string | undefined,
  { endpoint, signal }: { readonly endpoint: string | undefined; readonly signal: AbortSignal },
): Promise<Payload> {
  const address = addressIn(url, endpoint);
  let text: string;
  try {
    const response = await fetch(address, { redirect: 'error', signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    text = await bodyOf(response);
  } catch (error) {
    throw new Error(`payload cannot be fetched from ${address.host} (${whyOf(error)})`);
  }
  const read = v.safeParse(payloadShape, parseJson(text, 'payload'));
  if (!read.success) throw new Error('payload has no templates as texts');
  const { template, previousTemplate: previous } = read.output;
  return { template, previous };
}

const payloadShape = v.object({ template: optionalWords, previousTemplate: optionalWords });

/** Throws an Error for an address outside of S3: the event alone must not choose whom the function asks. */
function addressIn(url: string | undefined, endpoint: string | undefined): URL {
  if (url === undefined || !URL.canParse(url)) throw new Error('event has no URL of a payload');
  const address = new URL(url);
  const isOfS3 =
    endpoint === undefined
      ? address.protocol === 'https:' && address.port === '' && S3_HOST.test(address.hostname)
      : address.origin === new URL(endpoint).origin;
  if (!isOfS3 || address.username !== '' || address.password !== '')
    throw new Error(`payload at ${address.host} refused: the address is not of S3`);
  return address;
}

/** The text of an answer, piece by piece: the length in the header is a promise only. */
async function bodyOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > MAX_PAYLOAD_BYTES) throw new Error(`has more than ${MAX_PAYLOAD_BYTES / 1e6} MB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Node.js puts the reason of a failed connection behind the error. */
const whyOf = (error: unknown): string =>
  errorText(error instanceof TypeError && error.cause !== undefined ? error.cause : error);
