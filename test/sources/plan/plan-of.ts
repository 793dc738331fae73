import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Members = Readonly<Record<string, unknown>>;

/** A resource of a plan: `refs` has the references of its arguments, all unknown. */
export interface Row {
  readonly module?: string;
  readonly index?: string | number;
  readonly actions?: readonly string[];
  readonly values?: Members;
  readonly unknown?: Members;
  readonly sensitive?: Members;
  /** Expressions of the configuration; none for a resource that the configuration lacks. */
  readonly config?: Members | null;
  readonly provider?: string;
  readonly deposed?: string;
}

/** Resources by `TYPE.NAME`, with a suffix `#2` for another instance of one block. */
export type Rows = Readonly<Record<string, Row>>;

export const ref = (...references: readonly string[]) => ({ references });
export const is = (value: unknown) => ({ constant_value: value });

const account = '111122223333';

export const admit = (more: Members = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Admit',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        ...more,
      },
    ],
  });

/** A flow log into a bucket with a key whose policy admits delivery; all are new. */
export const good: Rows = {
  'aws_kms_key.k': { values: { policy: admit() }, config: { policy: {} } },
  'aws_s3_bucket.b': {
    values: { bucket: 'acme-logs', server_side_encryption_configuration: [] },
    config: { bucket: is('acme-logs') },
  },
  'aws_s3_bucket_server_side_encryption_configuration.s': {
    values: { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms' }] }] },
    config: {
      bucket: ref('aws_s3_bucket.b.id', 'aws_s3_bucket.b'),
      rule: [
        {
          apply_server_side_encryption_by_default: [
            {
              sse_algorithm: is('aws:kms'),
              kms_master_key_id: ref('aws_kms_key.k.arn', 'aws_kms_key.k'),
            },
          ],
        },
      ],
    },
  },
  'aws_flow_log.f': {
    values: { log_destination_type: 's3' },
    config: { log_destination: ref('aws_s3_bucket.b.arn', 'aws_s3_bucket.b') },
  },
};

/** The encryption with another reference to the key. */
export const encryptedBy = (...references: readonly string[]): Row => ({
  ...good['aws_s3_bucket_server_side_encryption_configuration.s'],
  config: {
    bucket: ref('aws_s3_bucket.b.id', 'aws_s3_bucket.b'),
    rule: [
      { apply_server_side_encryption_by_default: [{ kms_master_key_id: ref(...references) }] },
    ],
  },
});

export const document = (statement: Members, config: unknown, marks: unknown): Row => ({
  actions: ['read'],
  values: { statement: [statement] },
  unknown: { json: true, statement: [marks] },
  config: config === null ? {} : { statement: [config] },
});

/** A plan with these resources, as `show -json` has it. */
export function planOf(rows: Rows, more: Members = {}, modules: Members = {}): Members {
  const known = [
    ['data.aws_caller_identity.current', 'aws_caller_identity', { account_id: account }],
    ['data.aws_region.current', 'aws_region', { region: 'us-east-1' }],
  ] as const;
  const blocks = Object.entries(rows).map(([name, row]) => ({ ...identity(name), row }));
  return {
    format_version: '1.2',
    resource_changes: blocks.map(({ row, type, name, mode }) => ({
      address: addressOf(row, { type, name, mode }),
      module_address: row.module,
      ...{ type, name, mode, index: row.index, deposed: row.deposed },
      change: {
        actions: row.actions ?? ['create'],
        before: null,
        after:
          row.actions?.join() === 'delete' || row.actions?.join() === 'forget'
            ? null
            : { region: 'us-east-1', ...row.values },
        after_unknown: { id: true, arn: true, ...row.unknown },
        after_sensitive: row.sensitive ?? {},
        ...(row.actions?.join() === 'delete' ? { before: row.values } : {}),
      },
    })),
    prior_state: {
      values: {
        root_module: {
          resources: known.map(([address, type, values]) => ({
            ...{ address, type, values, name: 'current', mode: 'data' },
          })),
        },
      },
    },
    configuration: {
      provider_config: { aws: { name: 'aws', expressions: { region: is('us-east-1') } } },
      root_module: {
        resources: [
          ...known.map(([, type]) => ({
            ...{ type, name: 'current', mode: 'data', provider_config_key: 'aws' },
          })),
          ...configOf(blocks.filter(({ row }) => row.module === undefined)),
        ],
        module_calls: modules,
      },
    },
    ...more,
  };
}

interface Block {
  readonly type: string;
  readonly name: string;
  readonly mode: string;
  readonly row: Row;
}

const configOf = (blocks: readonly Block[]) =>
  blocks
    .filter(({ row }) => row.config !== null)
    .map(({ type, name, mode, row }) => ({
      ...{ type, name, mode, expressions: row.config ?? {} },
      provider_config_key: row.provider ?? 'aws',
    }));

function identity(text: string) {
  const [first = '', second = '', third = ''] = text.replace(/#.*/, '').split('.');
  return first === 'data'
    ? { mode: 'data', type: second, name: third }
    : { mode: 'managed', type: first, name: second };
}

const addressOf = (row: Row, { type, name, mode }: Omit<Block, 'row'>): string =>
  [
    ...(row.module === undefined ? [] : [row.module]),
    ...(mode === 'data' ? ['data'] : []),
    type,
    row.index === undefined ? name : `${name}[${JSON.stringify(row.index)}]`,
  ].join('.');

/** Writes plans to files of a new folder. */
export function filesOf(...plans: readonly unknown[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  return plans.map((plan, index) => {
    const file = join(folder, `plan-${index}.json`);
    writeFileSync(file, typeof plan === 'string' ? plan : JSON.stringify(plan));
    return file;
  });
}
