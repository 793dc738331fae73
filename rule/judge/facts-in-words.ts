import {
  isUnknown,
  type Bucket,
  type Encryption,
  type Facts,
  type FlowLog,
  type Key,
} from '../model/facts.ts';
import { usageOf } from '../model/kms.ts';

const accountAndRegion = (accountId: string | undefined, region: Bucket['region']): string =>
  [
    accountId === undefined ? 'account not known' : `account ${accountId}`,
    isUnknown(region) ? region.why : `Region ${region}`,
  ].join(', ');

export function flowLogInWords(flowLog: FlowLog): readonly string[] {
  const { accountId, region, destination, resourceId, hivePrefixes, observed } = flowLog;
  const { status, error } = observed;
  return [
    `${accountAndRegion(accountId, region)}${resourceId === '' ? '' : `, of ${resourceId}`}`,
    destinationInWords(destination),
    ...(hivePrefixes === true ? ['objects lie under Hive-compatible prefixes'] : []),
    ...(hivePrefixes === undefined ? ['the layout of its objects is not known'] : []),
    ...(status === undefined && error === undefined
      ? []
      : [
          `AWS reports delivery ${status ?? 'without a status'}${error === undefined ? '' : ` (${error})`}`,
        ]),
  ];
}

function destinationInWords(destination: FlowLog['destination']): string {
  if (destination.kind === 'elsewhere') return `delivers to ${destination.type}, not to S3`;
  if (destination.kind === 'unknown') return destination.why;
  const { bucket, folder } = destination;
  return `delivers to bucket ${bucket}${folder === '' ? '' : `, folder ${folder}`}`;
}

export const bucketInWords = ({
  accountId,
  region,
  encryption,
  policy,
}: Bucket): readonly string[] => [
  accountAndRegion(accountId, region),
  isUnknown(encryption) ? encryption.why : encryptionInWords(encryption),
  ...(policy.kind === 'missing' ? [policy.why] : []),
];

function encryptionInWords({ algorithm, keyId, bucketKey }: Encryption): string {
  if (!algorithm.startsWith('aws:kms')) return `default encryption ${algorithm}, without a KMS key`;
  const key = keyId === undefined ? 'no key named' : `key ${keyId}`;
  const setting = bucketKey === undefined ? 'not known' : bucketKey ? 'on' : 'off';
  return `default encryption ${algorithm}, ${key}, Bucket Key ${setting}`;
}

export function keyInWords({ accountId, region, description }: Key): readonly string[] {
  if (isUnknown(description)) return [accountAndRegion(accountId, region), description.why];
  const { state, manager, spec, multiRegion } = description;
  const words = [
    `state ${state ?? 'not known'}`,
    `usage ${usageOf(description) ?? 'not known'}`,
    `spec ${spec ?? 'not known'}`,
    ...(manager === 'AWS' ? ['managed by AWS'] : []),
    ...(multiRegion === true ? ['multi-Region'] : []),
  ];
  return [accountAndRegion(accountId, region), words.join(', ')];
}

export const grantsInWords = ({
  grants,
  isWhole,
}: NonNullable<Facts['grants']>): readonly string[] => [
  ...grants.map(
    ({ id, grantee, operations, sourceArn }) =>
      `${id}: ${grantee} may ${operations.join(', ')}${sourceArn === undefined ? '' : ` for ${sourceArn}`}`,
  ),
  ...(grants.length === 0 ? ['the key has no grant'] : []),
  ...(isWhole ? [] : ['there are more grants than were read']),
];
