import { decide } from '../../rule/judge/decide.ts';
import {
  missing,
  notAsked,
  unknown,
  type Bucket,
  type Facts,
  type FlowLog,
  type Key,
} from '../../rule/model/facts.ts';
import { keyReference, type KeyReference } from '../../rule/model/key-reference.ts';
import type { Question } from '../../rule/model/question.ts';
import type { CheckCode } from '../../rule/model/verdict.ts';
import {
  account,
  bucket,
  deny,
  description,
  encryption,
  flowLog,
  grant,
  key,
  keyArn,
  keyId,
  policy,
  question,
  region,
} from '../world.ts';

/** Examples of every kind of a fact: the compiler asks for an example of a new kind. */
type Examples<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: readonly Extract<F, { readonly kind: K }>[];
};

const all = <F extends { readonly kind: string }>(examples: Examples<F>): readonly F[] =>
  Object.values<readonly F[]>(examples).flat();

const destinations = all<FlowLog['destination']>({
  s3: [{ kind: 's3', bucket: bucket.name, folder: '' }],
  elsewhere: [{ kind: 'elsewhere', type: 'cloud-watch-logs' }],
  unknown: [unknown('destination cannot be read')],
});

const keyIds: Readonly<Record<KeyReference['kind'], string | undefined>> = {
  none: undefined,
  'key-arn': keyArn,
  'alias-arn': `arn:aws:kms:eu-west-1:${account}:alias/logs`,
  'key-id': keyId,
  'alias-name': 'alias/logs',
  unreadable: 'arn:aws:s3:::not-a-key',
};

const encryptions = all<Bucket['encryption']>({
  encryption: [
    ...Object.values(keyIds).map((keyId) => ({ ...encryption, keyId })),
    ...['AES256', 'aws:kms:dsse', 'aws:quantum'].map((algorithm) => ({ ...encryption, algorithm })),
  ],
  unknown: [unknown('encryption cannot be read')],
});

const bucketPolicies = all<Bucket['policy']>({
  policy: [policy(deny)],
  missing: [missing('no bucket policy')],
  unknown: [unknown('GetBucketPolicy refused')],
  'not-asked': [notAsked],
});

const bucketRegions: readonly Bucket['region'][] = [
  region,
  ...all<Exclude<Bucket['region'], string>>({ unknown: [unknown('no Region')] }),
];

const buckets = all<Facts['bucket']>({
  bucket: encryptions.flatMap((encryption) =>
    bucketPolicies.flatMap((policy) =>
      bucketRegions.map((region) => ({ ...bucket, encryption, policy, region })),
    ),
  ),
  missing: [missing('bucket does not exist')],
  unknown: [unknown('bucket cannot be read')],
  'not-asked': [notAsked],
});

const descriptions = all<Key['description']>({
  description: [
    description,
    { ...description, state: 'Disabled' },
    { ...description, state: undefined, spec: undefined, usage: undefined, manager: undefined },
  ],
  unknown: [unknown('DescribeKey refused')],
});

const keyPolicies = all<Key['policy']>({
  policy: [policy(grant), policy(), { kind: 'policy', document: 'nonsense' }],
  unknown: [unknown('GetKeyPolicy refused')],
});

const keys = all<Facts['key']>({
  key: descriptions.flatMap((description) =>
    keyPolicies.map((policy) => ({ ...key, description, policy })),
  ),
  missing: [missing('key does not exist')],
  unknown: [unknown('key cannot be read')],
  'not-asked': [notAsked],
});

const questions: readonly Question[] = [
  question,
  { ...question, alsoCheck: ['bucket-policy', 'customer-key'] },
];

/** The only checks that may say deliverable. */
const deliveryChecks: readonly CheckCode[] = ['bucket', 'key-policy'];

describe('every combination of known, missing, unknown and unasked facts', () => {
  it('has a key id for each kind of key reference', () => {
    expect(Object.values(keyIds).map((text) => keyReference(text).kind)).toEqual(
      Object.keys(keyIds),
    );
  });

  it.each(destinations.map((destination) => [destination.kind, destination] as const))(
    'has a verdict, deliverable only by bucket or key-policy: destination %s',
    (_, destination) => {
      const wrong = buckets.flatMap((bucket) =>
        keys.flatMap((key) =>
          questions.flatMap((someQuestion) => {
            const facts: Facts = { flowLog: { ...flowLog, destination }, bucket, key };
            const offence = offenceOf(facts, someQuestion);
            return offence === undefined ? [] : [{ offence, bucket, key }];
          }),
        ),
      );
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );
});

/** The reason for which a verdict breaks the law; undefined for a lawful verdict. */
function offenceOf(facts: Facts, someQuestion: Question): string | undefined {
  try {
    const { outcome, findings } = decide(facts, someQuestion);
    const others = findings.filter((finding) => finding.outcome !== 'deliverable');
    const sayers = findings.filter((finding) => finding.outcome === 'deliverable');
    if (findings.some(({ message }) => /--live|recorded|snapshot/.test(message)))
      return 'speaks of one source';
    if (sayers.some(({ check }) => !deliveryChecks.includes(check))) return 'said by another check';
    if (outcome !== 'deliverable') return undefined;
    if (sayers.length === 0) return 'deliverable by default';
    return others.length === 0 ? undefined : 'deliverable against a finding';
  } catch (error) {
    return String(error);
  }
}
