import { deliveryService } from '../../model/delivery-service.ts';
import type { Existing } from '../../model/existing.ts';
import {
  isUnknown,
  unknown,
  type Bucket,
  type Key,
  type Missing,
  type PolicyDocument,
  type Unknown,
} from '../../model/facts.ts';
import type { FurtherFacts, World } from '../../model/world.ts';
import type { MadeUp } from './made-up.ts';
import { openAnswer } from './open-values.ts';
import { notePolicy } from './policy.ts';

/** The account beside a template or plan, in one world. */
export interface Beside {
  /** Undefined where no account is asked. */
  readonly existing: Existing | undefined;
  readonly world: World;
  readonly madeUp: MadeUp;
}

/** The name of a bucket; names are unique in a partition. */
interface BucketName {
  readonly name: string;
  readonly partition: string;
}

/** An account is asked for names that the input has in full. Sensitive names are not sent. */
export const isTold = (text: string, { madeUp }: Pick<Beside, 'madeUp'>): boolean =>
  madeUp.inWords(text) === text;

const askForBucket = ({ name, partition }: BucketName, beside: Beside) =>
  isTold(name, beside) ? beside.existing?.bucket(name, partition) : undefined;

/** A bucket that the input does not make; undefined where no account has answered. */
export function existingBucket(wanted: BucketName, beside: Beside): Bucket | Unknown | undefined {
  const found = askForBucket(wanted, beside);
  if (found?.kind !== 'bucket') return found && notYet(found);
  const { encryption, policy } = found;
  beside.world.note(`arn:${wanted.partition}:s3:::${wanted.name}`);
  if (!isUnknown(encryption)) beside.world.note(encryption.keyId ?? '');
  noteRead(policy, beside);
  return { ...found, isPlanned: true };
}

/** A key that the input does not make, by the ARN of the key or of an alias; undefined where no account has answered. */
export function existingKey(arn: string, beside: Beside): Key | Unknown | undefined {
  const found = isTold(arn, beside) ? beside.existing?.key(arn) : undefined;
  if (found?.kind !== 'key') return found && notYet(found);
  noteRead(found.policy, beside);
  return found;
}

/** Everything that is missing now may be made before the deployment. */
const notYet = (found: Missing | Unknown): Unknown =>
  isUnknown(found) ? found : unknown(found.why, 'make it first, or name one that exists');

function noteRead(policy: (Bucket | Key)['policy'], { world }: Beside): void {
  if (policy.kind === 'policy') notePolicy(policy, world);
}

/**
 * Encryption from elsewhere, for a bucket that the input makes without encryption: a bucket of this name may exist.
 * Undefined where nothing speaks against SSE-S3.
 */
export function encryptionFromElsewhere(wanted: BucketName, beside: Beside): Unknown | undefined {
  const found = askForBucket(wanted, beside);
  if (found === undefined || found.kind === 'missing') return undefined;
  const encryption = isUnknown(found) ? found : found.encryption;
  if (isUnknown(encryption)) return encryption;
  const { algorithm, keyId } = encryption;
  if (algorithm === 'AES256') return undefined;
  return unknown(
    `bucket ${wanted.name} is defined without encryption, and exists with encryption by ${keyId ?? algorithm}`,
    'write its encryption where it is defined',
  );
}

/**
 * The bucket policy from elsewhere, in the worlds where it stays, for a bucket that the input makes without a bucket policy.
 * Whether an update removes it depends on the deployment before. Undefined also for a bucket that the account does not show.
 */
export function policyFromElsewhere(
  wanted: BucketName,
  beside: Beside,
): PolicyDocument | undefined {
  const found = askForBucket(wanted, beside);
  if (found?.kind !== 'bucket' || found.policy.kind !== 'policy') return undefined;
  noteRead(found.policy, beside);
  const name = `the bucket policy that ${wanted.name} has now`;
  const answer = openAnswer(`stays ${name}`, { name, settledBy: 'write it where the bucket is' });
  const inWords = (value: string) => `${value === 'true' ? 'with' : 'without'} it`;
  return beside.world.valueOf({ ...answer, inWords }) === 'true' ? found.policy : undefined;
}

/** The facts that few verdicts need. */
export const furtherFacts = (beside: Beside): FurtherFacts => {
  const { existing } = beside;
  return {
    grants(keyArn) {
      const found = isTold(keyArn, beside) ? existing?.grants(keyArn) : undefined;
      if (found?.kind !== 'grants') return undefined;
      for (const { grantee, sourceArn = '' } of found.grants)
        if (grantee === deliveryService) beside.world.note(sourceArn);
      return found;
    },
    organization: (accountId) =>
      accountId === existing?.accountId ? existing.organization(accountId) : undefined,
  };
};
