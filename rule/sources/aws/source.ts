import {
  isUnknown,
  learned,
  type Bucket,
  type Facts,
  type Key,
  type Missing,
  type Unknown,
  unknown,
} from '../../model/facts.ts';
import type { Grants } from '../../model/kms-grants.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import { accountIn, regionIn } from '../../model/arn.ts';
import { readBucket } from './bucket.ts';
import { askInTurn, type Ask, type QuestionLimits } from './questions.ts';
import { explained } from './refusal.ts';
import { readGrants } from './grants.ts';
import { readKey } from './key.ts';
import type { Place } from '../../model/place.ts';
import type { Clients } from './clients.ts';
import { memoize } from '../../basics/memory.ts';
import type { Source } from '../../model/source.ts';

/** Access to other accounts. */
export interface Across {
  readonly enter: Enter;
  readonly ownersOf: OwnersOf;
}

/** Enters an account to read from the account: the account's clients, or unknown where the account cannot be entered. */
export type Enter = (accountId: string) => Promise<Clients | Unknown>;

/** The possible owners of a bucket, the likeliest first. `unasked` says why the aggregator could not be asked, if it could not. */
export type OwnersOf = (
  bucket: string,
) => Promise<{ readonly accounts: readonly string[]; readonly unasked?: string }>;

export interface AwsOptions extends QuestionLimits {
  readonly clients: Clients;
  /** The place of the flow logs: the account of the clients, and the Region to ask first. */
  readonly place: Place;
  /** Access to other accounts; undefined where no reader role is named. */
  readonly across?: Across | undefined;
}

/**
 * Asks AWS itself, for each bucket and key once, and for a few at a time. Where AWS refuses the account of the clients,
 * asks in the account of the bucket or key.
 */
export function awsSource(options: AwsOptions): Required<Source> {
  const ask = askAndExplain(options);
  return {
    bucket: memoize((name, partition) =>
      ask(`bucket ${name}`, () => liveBucket(name, partition, options)),
    ),
    key: memoize((arn) => ask(`key ${arn}`, () => liveKey(arn, options))),
    grants: memoize((arn) => ask(`grants of key ${arn}`, () => liveGrants(arn, options))),
    organization: memoize((accountId) =>
      ask(`organization of account ${accountId}`, () => liveOrganization(accountId, options)),
    ),
  };
}

/** Asks in turn, and explains a failed answer by the subject. */
export function askAndExplain(limits: QuestionLimits): Ask {
  const inTurn = askInTurn(limits);
  return (subject, question) => inTurn(subject, () => withSubject(subject, question()));
}

const withSubject = <T>(subject: string, answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    throw explained(error, subject);
  });

/** The ARN of a key names the owner, and AWS shows the key policy to nobody else. */
async function liveKey(
  arn: string,
  { clients, place: { accountId }, across }: AwsOptions,
): Promise<Key | Missing | Unknown> {
  const owner = accountIn(arn);
  const entered = owner === accountId ? undefined : await across?.enter(owner);
  if (entered === undefined || isUnknown(entered))
    return readKey(arn, { kms: clients.kms, accountId, whyNotEntered: entered?.why });
  return readKey(arn, { kms: entered.kms, accountId: owner });
}

/** The account of the key lists the grants, or else the account of the clients, where the key policy allows that. */
async function liveGrants(
  arn: string,
  { clients, place: { accountId }, across }: AwsOptions,
): Promise<Grants> {
  const owner = accountIn(arn);
  const entered = owner === accountId ? undefined : await across?.enter(owner);
  const { kms } = entered === undefined || isUnknown(entered) ? clients : entered;
  return readGrants(arn, kms(regionIn(arn)));
}

/** AWS Organizations answers for the account of the clients only: another account may be of another organization. */
async function liveOrganization(
  accountId: string,
  { clients, place }: AwsOptions,
): Promise<NonNullable<Facts['organization']>> {
  if (accountId !== place.accountId)
    return unknown(
      `give the organization id: AWS Organizations answers for account ${place.accountId} only`,
    );
  const { readOrganization } = await import('./organization.ts');
  return readOrganization(await clients.organizations(place.region));
}

/** Nothing names the owner of a bucket: the bucket policy may grant the first read, then accounts are tried in order. */
async function liveBucket(
  name: string,
  partition: string,
  { clients, place: { accountId, region }, across }: AwsOptions,
): Promise<Bucket | Missing | Unknown> {
  const first = await readBucket(name, { s3: clients.s3, region, accountId });
  if (across === undefined || isComplete(first, partition)) return first;
  const { accounts, unasked } = await across.ownersOf(name);
  const closed = unasked === undefined ? [] : [unasked];
  const refusing: string[] = [];
  for (const owner of accounts.filter((each) => each !== accountId)) {
    const entered = await across.enter(owner);
    if (isUnknown(entered)) {
      closed.push(entered.why);
      continue;
    }
    const bucket = await readBucket(name, { s3: entered.s3, region, accountId: owner });
    if (isComplete(bucket, partition)) return bucket;
    refusing.push(`account ${owner} may not read it`);
  }
  const tried = [...closed, ...refusing];
  if (!isUnknown(first) || tried.length === 0) return first;
  return unknown(
    `bucket ${name} cannot be read from here, and: ${tried.join('; ')}`,
    'allow s3:GetEncryptionConfiguration on it, or run in the account that owns it',
  );
}

/** Whether no other account needs to be asked. A bucket policy alone is no reason: most verdicts do without. */
function isComplete(answer: Bucket | Missing | Unknown, partition: string): boolean {
  if (isUnknown(answer)) return false;
  const bucket = learned(answer);
  return bucket === undefined || !isUnknown(keyArnOf(bucket, partition));
}
