import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { account, deny, flowLog as log, grant, keyArn, policy, region } from '../world.ts';
import { aggregator } from './aggregator-stand-in.ts';
import { central, home } from './aggregator-world.ts';
import { credentials, runAgainst, startAws, type Account } from './aws-stand-in.ts';
import { account as emptyAccount } from './organization-world.ts';

/** One account, in the words of every source. */
interface World {
  readonly policy: object;
  /** How the bucket names the key; undefined for SSE-S3. */
  readonly names: 'arn' | 'id' | undefined;
  readonly state: 'Enabled' | 'Disabled';
}

const keyId = keyArn.replace(/.*key\//, '');
const bucketName = 'acme-flow-logs';
const destination = `arn:aws:s3:::${bucketName}`;
const well: World = { policy: policy(grant).document, names: 'arn', state: 'Enabled' };

const worlds: Readonly<Record<string, World>> = {
  'a key that admits delivery': well,
  'a key without the statement': { ...well, policy: policy().document },
  'a key with a Deny for everybody': { ...well, policy: policy(grant, deny).document },
  'a statement for another account': {
    ...well,
    policy: policy({
      ...grant,
      Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
    }).document,
  },
  'a statement for another Region': {
    ...well,
    policy: policy({
      ...grant,
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:logs:eu-west-1:${account}:*` } },
    }).document,
  },
  'a statement for a service of another name': {
    ...well,
    policy: policy({ ...grant, Principal: { Service: 'vpc-flow-logs.amazonaws.com' } }).document,
  },
  'a condition that AWS does not document': {
    ...well,
    policy: policy({
      ...grant,
      Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    }).document,
  },
  'a disabled key': { ...well, state: 'Disabled' },
  'a key by its id': { ...well, names: 'id' },
  'a bucket with SSE-S3': { ...well, names: undefined },
};

const keyName = ({ names }: World): string => (names === 'id' ? keyId : keyArn);

const live = (world: World): Account => ({
  ...emptyAccount(account, { flowLogsPerPage: 5 }),
  regions: [region],
  flowLogs: [{ id: log.id, region, type: 's3', destination }],
  buckets: {
    [bucketName]: {
      region,
      ...(world.names && { encryption: { algorithm: 'aws:kms', keyId: keyName(world) } }),
    },
  },
  keys: { [keyArn]: { policy: JSON.stringify(world.policy), state: world.state } },
});

const item = (resourceType: string, resourceId: string, rest: object) => ({
  accountId: account,
  awsRegion: region,
  configurationItemCaptureTime: '2026-11-23T06:00:00Z',
  configurationItemStatus: 'OK',
  resourceType,
  resourceId,
  ...rest,
});

const items = (world: World) => [
  item('AWS::EC2::FlowLog', log.id, {
    arn: `arn:aws:ec2:${region}:${account}:vpc-flow-log/${log.id}`,
    configuration: {
      flowLogId: log.id,
      resourceId: log.resourceId,
      logDestinationType: 's3',
      logDestination: destination,
    },
  }),
  item('AWS::S3::Bucket', bucketName, {
    arn: destination,
    configuration: { name: bucketName },
    supplementaryConfiguration: {
      ServerSideEncryptionConfiguration: {
        rules: [
          {
            applyServerSideEncryptionByDefault: world.names
              ? { sseAlgorithm: 'aws:kms', kmsMasterKeyID: keyName(world) }
              : { sseAlgorithm: 'AES256', kmsMasterKeyID: null },
            bucketKeyEnabled: false,
          },
        ],
      },
    },
  }),
  item('AWS::KMS::Key', keyId, {
    arn: keyArn,
    configuration: {
      keyState: world.state,
      keyManager: 'CUSTOMER',
      keyUsage: 'ENCRYPT_DECRYPT',
      keySpec: 'SYMMETRIC_DEFAULT',
      origin: 'AWS_KMS',
      multiRegion: false,
    },
    supplementaryConfiguration: { Policy: JSON.stringify(world.policy) },
  }),
];

const template = (world: World) => ({
  Resources: {
    LogKey: {
      Type: 'AWS::KMS::Key',
      Properties: { KeyPolicy: world.policy, Enabled: world.state === 'Enabled' },
    },
    LogBucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: bucketName,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              ServerSideEncryptionByDefault: world.names
                ? {
                    SSEAlgorithm: 'aws:kms',
                    KMSMasterKeyID:
                      world.names === 'id'
                        ? { Ref: 'LogKey' }
                        : { 'Fn::GetAtt': ['LogKey', 'Arn'] },
                  }
                : { SSEAlgorithm: 'AES256' },
            },
          ],
        },
      },
    },
    FlowLog: {
      Type: 'AWS::EC2::FlowLog',
      Properties: {
        ResourceId: log.resourceId,
        ResourceType: 'VPC',
        LogDestinationType: 's3',
        LogDestination: destination,
      },
    },
  },
});

/** The resources in the words of Terraform. Ids and ARNs are there after the apply only. */
function resources(world: World, isApplied: boolean) {
  const made = (type: string, name: string, values: object) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    values: { region, ...values },
  });
  const keyReference = world.names === 'id' ? keyId : keyArn;
  return [
    made('aws_kms_key', 'logs', {
      policy: JSON.stringify(world.policy),
      is_enabled: world.state === 'Enabled',
      key_usage: 'ENCRYPT_DECRYPT',
      customer_master_key_spec: 'SYMMETRIC_DEFAULT',
      multi_region: false,
      ...(isApplied && { arn: keyArn, key_id: keyId, id: keyId }),
    }),
    made('aws_s3_bucket', 'logs', {
      bucket: bucketName,
      ...(isApplied && { id: bucketName, arn: destination }),
    }),
    made('aws_s3_bucket_server_side_encryption_configuration', 'logs', {
      ...(isApplied && { id: bucketName }),
      bucket: bucketName,
      rule: [
        {
          bucket_key_enabled: false,
          apply_server_side_encryption_by_default: [
            world.names === undefined
              ? { sse_algorithm: 'AES256', kms_master_key_id: '' }
              : {
                  sse_algorithm: 'aws:kms',
                  ...(isApplied && { kms_master_key_id: keyReference }),
                },
          ],
        },
      ],
    }),
    made('aws_flow_log', 'main', {
      log_destination_type: 's3',
      log_destination: destination,
      vpc_id: log.resourceId,
      destination_options: [],
      ...(isApplied && { id: log.id }),
    }),
  ];
}

const state = (world: World) => ({
  format_version: '1.0',
  terraform_version: '1.13.3',
  values: { root_module: { resources: resources(world, true) } },
});

function plan(world: World) {
  const attribute = world.names === 'id' ? 'key_id' : 'arn';
  const isKms = world.names !== undefined;
  const encryption = {
    rule: [
      {
        apply_server_side_encryption_by_default: [
          isKms
            ? {
                kms_master_key_id: {
                  references: [`aws_kms_key.logs.${attribute}`, 'aws_kms_key.logs'],
                },
              }
            : {},
        ],
      },
    ],
  };
  const unknownParts: Readonly<Record<string, object>> = {
    aws_kms_key: { arn: true, key_id: true, id: true },
    aws_s3_bucket: { id: true, arn: true },
    aws_s3_bucket_server_side_encryption_configuration: {
      id: true,
      rule: [
        { apply_server_side_encryption_by_default: [isKms ? { kms_master_key_id: true } : {}] },
      ],
    },
    aws_flow_log: { id: true },
  };
  const planned = resources(world, false);
  return {
    format_version: '1.2',
    terraform_version: '1.13.3',
    resource_changes: planned.map(({ values, ...resource }) => ({
      ...resource,
      change: {
        actions: ['create'],
        before: null,
        after: values,
        after_unknown: unknownParts[resource.type] ?? {},
        before_sensitive: false,
        after_sensitive: {},
      },
    })),
    configuration: {
      provider_config: {
        aws: { name: 'aws', expressions: { region: { constant_value: region } } },
      },
      root_module: {
        resources: planned.map(({ address, mode, type, name }) => ({
          ...{ address, mode, type, name },
          provider_config_key: 'aws',
          expressions:
            type === 'aws_s3_bucket_server_side_encryption_configuration'
              ? encryption
              : type === 'aws_kms_key'
                ? { policy: {} }
                : {},
        })),
      },
    },
  };
}

/** The same without bucket and key, which then come from the account. */
const onlyFlowLog = ({ Resources: { FlowLog } }: ReturnType<typeof template>) => ({
  Resources: { FlowLog },
});

const onlyPlanned = ({ resource_changes: changes, ...rest }: ReturnType<typeof plan>) => ({
  ...rest,
  resource_changes: changes.filter(({ type }) => type === 'aws_flow_log'),
});

interface Told {
  readonly outcome: string;
  readonly reason: string | null;
  readonly message: string;
  readonly remedy: object | null;
}

/** The verdict, with one word for the key in all forms, and one command: before a deployment no flow log can be named. */
function toldIn(stdout: string): Told {
  const [flowLog] = (JSON.parse(stdout) as { flowLogs: readonly Told[] }).flowLogs;
  const { outcome, reason = null, message = '', remedy = null } = flowLog ?? { outcome: 'none' };
  const named = message
    .replaceAll(keyArn, 'KEY')
    .replaceAll(keyId, 'KEY')
    .replaceAll('aws_kms_key.logs', 'KEY')
    .replaceAll('LogKey', 'KEY')
    .replace(/flow-log-key (remedy FLOW-LOG-ID|statement)/, 'COMMAND');
  return { outcome, reason, message: named, remedy };
}

const check = [
  process.execPath,
  resolve('bin/flow-log-key.js'),
  'check',
  '--format',
  'json',
] as const;

describe('one world in all forms has one verdict, one reason and one remedy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forms-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const inFile = (name: string, content: object): string => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const told = async (aws: Account, args: readonly string[], env: Record<string, string>) => {
    const server = await startAws(aws);
    try {
      return toldIn((await runAgainst(server, [...check, ...args], { env })).stdout);
    } finally {
      await server.close();
    }
  };

  it.each(Object.entries(worlds))('%s', async (_, world) => {
    const env = { ...credentials, AWS_REGION: region };
    const acme = aggregator({ name: 'acme', items: () => items(world), page: 100 });
    const expected = await told(live(world), ['--live'], env);
    const forms = {
      snapshot: ['--snapshot', inFile('items.json', { configurationItems: items(world) })],
      template: [
        ...['--template', inFile('stack.json', template(world))],
        ...['--account', account, '--region', region],
      ],
      plan: ['--plan', inFile('plan.json', plan(world)), '--account', account],
      state: ['--plan', inFile('state.json', state(world)), '--account', account],
    };
    const others = await Promise.all(
      Object.entries(forms).map(async ([name, args]) => [name, await told(central, args, env)]),
    );
    const besides = {
      'template beside': [
        ...['--template', inFile('beside.json', onlyFlowLog(template(world)))],
        ...['--region', region],
      ],
      'plan beside': ['--plan', inFile('beside-plan.json', onlyPlanned(plan(world)))],
    };
    const beside = await Promise.all(
      Object.entries(besides).map(async ([name, args]) => [
        name,
        await told(live(world), [...args, '--live', '--account', account], env),
      ]),
    );
    const aggregated = await told(
      { ...central, services: acme.operations },
      ['--aggregator', 'acme'],
      home,
    );
    expect(expected.outcome).not.toBe('none');
    expect({
      ...Object.fromEntries(others),
      ...Object.fromEntries(beside),
      aggregated,
    }).toEqual({
      'template beside': expected,
      'plan beside': expected,
      snapshot: expected,
      template: expected,
      plan: expected,
      state: expected,
      aggregated: expected,
    });
  });
});
