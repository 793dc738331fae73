import fc from 'fast-check';
import { recordedFlowLog } from '../../../rule/sources/recorded/flow-log.ts';
import { readItem } from '../../../rule/sources/recorded/item.ts';
import { isUsualConfiguration, isUsualItem } from '../../../rule/sources/recorded/usual-form.ts';

/** Mostly the first value, else a value that may or may not be usual; undefined stands for a field that is left out. */
const mostly = (usual: unknown, ...others: readonly unknown[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, fc.constantFrom<unknown>(...others));

const strange = [undefined, null, '', 0, 7, -1, true, [], {}, 'x', 'x'.repeat(321), '\n'] as const;

const account = '111122223333';

const configurations = fc.record({
  flowLogId: mostly('fl-1', ...strange),
  resourceId: mostly('vpc-1', ...strange),
  logDestination: mostly(
    'arn:aws:s3:::logs/a/',
    ...strange,
    `arn:aws:s3:::logs/${'a'.repeat(999)}`,
  ),
  logDestinationType: mostly('s3', ...strange, 'cloud-watch-logs'),
  logGroupName: mostly(undefined, ...strange),
  deliverLogsStatus: mostly('SUCCESS', ...strange, 'FAILED'),
  deliverLogsErrorMessage: mostly(undefined, ...strange, 'Access error'),
  creationTime: mostly(
    '2026-10-01T09:00:00.000Z',
    ...strange,
    1_700_000_000_000,
    1_700_000_000,
    Infinity,
    '1700000000000',
    '2014-12-31',
    '2026',
  ),
  destinationOptions: mostly(
    { hiveCompatiblePartitions: true },
    ...strange,
    { hiveCompatiblePartitions: null },
    { hiveCompatiblePartitions: 'true' },
    { fileFormat: 'parquet' },
  ),
});

const items = fc.record({
  resourceType: mostly('AWS::EC2::FlowLog', ...strange, 'AWS::S3::Bucket'),
  resourceId: mostly('fl-1', ...strange),
  ARN: mostly(
    `arn:aws:ec2:us-east-1:${account}:vpc-flow-log/fl-1`,
    ...strange,
    'arn:aws:s3:::logs',
  ),
  arn: mostly(undefined, ...strange, `arn:aws:ec2:us-east-1:${account}:vpc-flow-log/fl-1`),
  awsAccountId: mostly(account, ...strange, '444455556666', ` ${account}`),
  accountId: mostly(undefined, ...strange, account, '444455556666'),
  awsRegion: mostly('us-east-1', ...strange, 'eu-west-1', 'x'.repeat(101)),
  configurationItemCaptureTime: mostly(
    '2026-11-23T06:00:00.000Z',
    ...strange,
    1_700_000_000,
    '1970-01-01',
  ),
  configurationStateId: mostly(1_700_000_000_000, ...strange, '12', Infinity),
  tags: mostly(
    { Name: 'a' },
    ...strange,
    { constructor: 'a', b: 'c' },
    { a: 1 },
    JSON.parse('{"__proto__":"a"}'),
    [{ key: 'a', value: 'b' }],
  ),
  supplementaryConfiguration: mostly({}, ...strange, { toString: 1 }, { BucketPolicy: {} }),
  configuration: configurations,
});

/** As in a file. */
const written = (value: object): object => JSON.parse(JSON.stringify(value)) as object;

const answerOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
};

describe('the usual form', () => {
  it('of an item is read as the schema reads the item', () => {
    let usual = 0;
    fc.assert(
      fc.property(items, (item) => {
        const raw = written({ ...item, configurationItemStatus: 'OK' });
        if (isUsualItem(raw)) usual++;
        // An item without a status is read by the schema, as with this status.
        const other = written({ ...item, configurationItemStatus: undefined });
        expect(isUsualItem(other)).toBe(false);
        expect(answerOf(() => readItem(raw))).toEqual(answerOf(() => readItem(other)));
      }),
      { numRuns: 5_000 },
    );
    expect(usual).toBeGreaterThan(250);
  });

  it('of a configuration is read as the schema reads the configuration', () => {
    const item = readItem({
      resourceType: 'AWS::EC2::FlowLog',
      resourceId: 'fl-1',
      awsAccountId: account,
      awsRegion: 'us-east-1',
    });
    let usual = 0;
    fc.assert(
      fc.property(configurations, (fields) => {
        const configuration = written(fields);
        if (isUsualConfiguration(configuration)) usual++;
        // JSON in a string is decoded, and read by the schema.
        const other = JSON.stringify(configuration);
        expect(recordedFlowLog({ ...item, configuration })).toEqual(
          recordedFlowLog({ ...item, configuration: other }),
        );
      }),
      { numRuns: 5_000 },
    );
    expect(usual).toBeGreaterThan(250);
  });
});
