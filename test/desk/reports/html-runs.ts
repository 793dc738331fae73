import { decide } from '../../../rule/judge/decide.ts';
import type { Facts } from '../../../rule/model/facts.ts';
import type { Problem } from '../../../rule/model/problem.ts';
import { collectionFor } from '../../../rule/remedy/collection.ts';
import type { Run } from '../../../rule/remedy/run.ts';
import { bucket, flowLog, key, policy, question } from '../../world.ts';

/** A run of flow logs with these facts. */
export function runOfFacts(all: Iterable<Facts>, problems: readonly Problem[] = []): Run {
  const collection = collectionFor(question);
  for (const facts of all) collection.add({ facts, verdict: decide(facts, question) });
  return collection.run(problems);
}

/** A flow log whose key policy admits nobody, with these names. */
const blockedFacts = (names: {
  readonly id?: string;
  readonly accountId?: string;
  readonly region?: string;
  readonly resourceId?: string;
  readonly bucketName?: string;
  readonly keyArn?: string;
}): Facts => {
  const { bucketName = bucket.name, keyArn = key.arn, ...ofFlowLog } = names;
  return {
    flowLog: {
      ...flowLog,
      ...ofFlowLog,
      destination: { kind: 's3', bucket: bucketName, folder: '' },
    },
    bucket: {
      ...bucket,
      name: bucketName,
      encryption: { kind: 'encryption', algorithm: 'aws:kms', keyId: keyArn, bucketKey: true },
    },
    key: { ...key, arn: keyArn, policy: policy() },
  };
};

/** Many flow logs of 60 accounts in three Regions, over 300 buckets and 64 keys; every seventh key admits nobody. */
export function* manyFacts(count: number): Generator<Facts> {
  const hex = (n: number): string => n.toString(16).padStart(17, '0');
  for (let n = 0; n < count; n++) {
    const [bucketNumber, keyNumber] = [n % 300, (n % 300) % 64];
    const keyArn = `arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-${String(keyNumber).padStart(12, '0')}`;
    const facts = blockedFacts({
      id: `fl-${hex(Math.imul(n + 1, 2_654_435_761) >>> 0)}`,
      accountId: String(100_000_000_000 + (n % 60)),
      region: ['us-east-1', 'eu-west-1', 'ap-southeast-2'][n % 3] ?? '',
      resourceId: `vpc-${hex(n)}`,
      bucketName: `organization-flow-logs-${bucketNumber}`,
      keyArn,
    });
    const admitting = { ...key, arn: keyArn, policy: admits };
    yield keyNumber % 7 === 0 ? facts : { ...facts, key: admitting };
  }
}

/** Admits the delivery service without a condition. */
const admits = policy({
  Sid: 'LogDelivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
});
