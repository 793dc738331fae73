import { readBucket } from './aws-bucket.ts';
import { readKey } from './aws-key.ts';
import type { Place } from './aws-flow-logs.ts';
import type { Clients } from './clients.ts';
import { once, type Source } from './source.ts';

/** Asks AWS itself, with the credentials of one account, first in the Region where its flow logs are; each thing once. */
export function awsSource(
  clients: Clients,
  { accountId, region }: Place,
  withPolicy: boolean,
): Source {
  return once({
    bucket: (name) => readBucket(name, { s3: clients.s3, region, accountId, withPolicy }),
    key: (arn) => readKey(arn, { kms: clients.kms, accountId }),
  });
}
