import { judgeInWorlds } from '../../../rule/judge/worlds.ts';
import { readPlans } from '../../../rule/sources/plan/source.ts';
import { plainQuestion } from '../template/judged.ts';
import { judgePlans } from './judge-plans.ts';
import {
  admit,
  document,
  encryptedBy,
  filesOf,
  good,
  is,
  planOf,
  ref,
  type Row,
  type Rows,
} from './plan-of.ts';

const sse = 'aws_s3_bucket_server_side_encryption_configuration.s';
const key = 'aws_kms_key.k';
const keyed = good[key];
const refused = { values: { policy: admit({ Action: 'kms:Encrypt' }) }, config: { policy: {} } };
const statement = {
  effect: 'Allow',
  actions: ['kms:*'],
  principals: [{ type: 'Service', identifiers: ['delivery.logs.amazonaws.com'] }],
};
const apart = (row: Rows[string]): Rows => ({
  [key]: { config: {} },
  'aws_kms_key_policy.p': {
    config: {
      key_id: ref('aws_kms_key.k.id', 'aws_kms_key.k'),
      policy: ref('data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'),
    },
  },
  'data.aws_iam_policy_document.d': row,
});
const ownArn = ref('aws_kms_key.k.arn', 'aws_kms_key.k');

/** A document with further documents, each read during apply, and the references of the lists. */
const mergeOf = (
  lists: Partial<Row>,
  more: Rows,
  own: object = { actions: ['kms:List*'] },
): Rows => ({
  ...apart({
    actions: ['read'],
    values: {
      statement: [{ ...statement, sid: 'Own', resources: ['*'], ...own }],
      ...lists.values,
    },
    unknown: { json: true, ...lists.unknown },
    config: lists.config ?? {},
  }),
  ...more,
});
const named = (...names: readonly string[]) =>
  ref(
    ...names.flatMap((each) => [
      `data.aws_iam_policy_document.${each}.json`,
      `data.aws_iam_policy_document.${each}`,
    ]),
  );
const part = (members: object) =>
  document(
    { ...statement, resources: [null], ...members },
    { resources: ownArn },
    { resources: [true] },
  );
const denyAll = { effect: 'Deny', principals: [{ type: '*', identifiers: ['*'] }] };
const sources = (count: number, config: unknown) => ({
  values: { source_policy_documents: Array(count).fill(null) as null[] },
  unknown: { source_policy_documents: Array(count).fill(true) as true[] },
  config: { source_policy_documents: config },
});
const overrides = (config: unknown, count = 1) => ({
  values: { override_policy_documents: Array(count).fill(null) as null[] },
  unknown: { override_policy_documents: Array(count).fill(true) as true[] },
  config: { override_policy_documents: config },
});
const [first, second] = ['data.aws_iam_policy_document.a', 'data.aws_iam_policy_document.b'];

/** Documents that are merged from others. */
const merges: readonly (readonly [string, Rows, string, string | null])[] = [
  [
    'a document with a source that admits',
    mergeOf(sources(1, named('a')), { [first]: part({}) }),
    'deliverable',
    null,
  ],
  [
    'a document with two sources, of which one denies',
    mergeOf(sources(2, named('a', 'b')), { [first]: part({}), [second]: part(denyAll) }),
    'blocked',
    'key-policy',
  ],
  [
    'a document whose own statement takes the place of a Deny',
    mergeOf(sources(1, named('a')), { [first]: part({ ...denyAll, sid: 'Own' }) }, {}),
    'deliverable',
    null,
  ],
  [
    'a document whose own statement is overridden by a Deny',
    mergeOf(overrides(named('a')), { [first]: part({ ...denyAll, sid: 'Own' }) }, {}),
    'blocked',
    'key-policy',
  ],
  [
    'a document that is overridden by two, in an order that is not sure',
    mergeOf(
      overrides(named('a', 'b'), 2),
      { [first]: part({ sid: 'Own' }), [second]: part({ sid: 'Own' }) },
      denyAll,
    ),
    'unknown',
    'key-policy',
  ],
  [
    'a document with a source as text',
    mergeOf({ values: { source_policy_documents: [admit(), ''] } }, {}),
    'deliverable',
    null,
  ],
  [
    'a document with a source that is not JSON',
    mergeOf({ values: { source_policy_documents: ['{'] } }, {}),
    'unknown',
    'key-policy',
  ],
  [
    'a document without a statement of its own',
    {
      ...mergeOf(sources(1, named('a')), { [first]: part({}) }),
      'data.aws_iam_policy_document.d': {
        actions: ['read'],
        ...sources(1, named('a')),
        values: { statement: null, source_policy_documents: [null] },
        unknown: { json: true, source_policy_documents: [true] },
      },
    },
    'deliverable',
    null,
  ],
  [
    'a document with a list of sources that is not known',
    mergeOf(
      {
        unknown: { source_policy_documents: true },
        config: { source_policy_documents: named('a') },
      },
      { [first]: part({}) },
    ),
    'unknown',
    'key-policy',
  ],
  [
    'a document with a source through a local value',
    mergeOf(sources(1, ref('local.d')), {}),
    'unknown',
    'key-policy',
  ],
  [
    'documents that merge each other in a circle',
    mergeOf(sources(1, named('a')), {
      [first]: { ...part({}), ...sources(1, named('d')), actions: ['read'] },
    }),
    'unknown',
    'key-policy',
  ],
  [
    'documents merged with a Sid that is not known',
    mergeOf(sources(1, named('a')), {
      [first]: document({ ...statement, resources: ['*'] }, {}, { sid: true }),
    }),
    'unknown',
    'key-policy',
  ],
];

const verdictOf = (rows: Rows, more = {}) => {
  const { verdicts } = judgePlans(filesOf(planOf({ ...good, ...rows }, more)));
  return verdicts.get('aws_flow_log.f');
};

it.each<readonly [string, Rows, string, string | null]>([
  ['a policy that admits delivery', {}, 'deliverable', null],
  ['a policy that does not', { [key]: refused }, 'blocked', 'key-policy'],
  ['a policy that is left out', { [key]: { config: {} } }, 'blocked', 'key-policy'],
  [
    'a policy from a variable that is null',
    { [key]: { config: { policy: ref('var.p') } } },
    'blocked',
    'key-policy',
  ],
  [
    'a policy with an unknown part',
    {
      [key]: { config: { policy: ref('aws_kms_key.x.arn', 'aws_kms_key.x') } },
      'aws_kms_key.x': {},
    },
    'unknown',
    'key-policy',
  ],
  [
    'a policy from a local value',
    { [key]: { config: { policy: ref('local.p') } } },
    'unknown',
    'key-policy',
  ],
  [
    'a key by id',
    { [sse]: encryptedBy('aws_kms_key.k.key_id', 'aws_kms_key.k') },
    'unknown',
    'key-by-arn',
  ],
  ['a key through a local value', { [sse]: encryptedBy('local.key') }, 'unknown', 'bucket'],
  [
    'a key by an attribute that the reference does not name',
    { [sse]: encryptedBy('aws_kms_key.k') },
    'unknown',
    'key-by-arn',
  ],
  [
    'a refused key by an attribute that the reference does not name',
    { [key]: refused, [sse]: encryptedBy('aws_kms_key.k') },
    'blocked',
    'key-policy',
  ],
  [
    'a choice between two good keys',
    {
      'aws_kms_key.k2': keyed ?? {},
      [sse]: encryptedBy(
        'random_id.r.hex',
        'random_id.r',
        'aws_kms_key.k.arn',
        'aws_kms_key.k',
        'aws_kms_key.k2.arn',
        'aws_kms_key.k2',
      ),
    },
    'deliverable',
    null,
  ],
  [
    'a choice between keys that differ',
    {
      'aws_kms_key.k2': refused,
      [sse]: encryptedBy(
        'aws_kms_key.k.arn',
        'aws_kms_key.k',
        'aws_kms_key.k2.arn',
        'aws_kms_key.k2',
      ),
    },
    'unknown',
    'key-policy',
  ],
  [
    'a known alternative to the key',
    { [sse]: encryptedBy('var.arn', 'aws_kms_key.k.arn', 'aws_kms_key.k') },
    'deliverable',
    null,
  ],
  [
    'an alias by name',
    {
      'aws_kms_alias.a': {
        values: { name: 'alias/logs' },
        config: { target_key_id: ref('aws_kms_key.k.id', 'aws_kms_key.k') },
      },
      [sse]: encryptedBy('aws_kms_alias.a.id', 'aws_kms_alias.a'),
    },
    'blocked',
    'key-by-arn',
  ],
  [
    'the key behind an alias',
    {
      'aws_kms_alias.a': {
        values: { name: 'alias/logs' },
        config: { target_key_id: ref('aws_kms_key.k.id', 'aws_kms_key.k') },
      },
      [sse]: encryptedBy('aws_kms_alias.a.target_key_arn', 'aws_kms_alias.a'),
    },
    'deliverable',
    null,
  ],
  [
    'a replica with the default policy',
    {
      [key]: { ...keyed, values: { policy: admit(), multi_region: true } },
      'aws_kms_replica_key.r': {
        values: { region: 'eu-west-1' },
        config: { primary_key_arn: ownArn },
      },
      'aws_s3_bucket.b': { values: { bucket: 'acme-logs', region: 'eu-west-1' } },
      [sse]: encryptedBy('aws_kms_replica_key.r.arn', 'aws_kms_replica_key.r'),
    },
    'blocked',
    'key-policy',
  ],
  [
    'a disabled key',
    { [key]: { ...keyed, values: { policy: admit(), is_enabled: false } } },
    'blocked',
    'key-state',
  ],
  [
    'an encryption whose bucket is a local value',
    { [sse]: { ...good[sse], config: { bucket: ref('local.bucket') } } },
    'unknown',
    'bucket',
  ],
  ['no encryption', { [sse]: { actions: ['forget'], values: {} } }, 'deliverable', null],
  [
    'a bucket policy that denies',
    {
      'aws_s3_bucket_policy.p': {
        values: {
          policy: JSON.stringify({
            Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }],
          }),
        },
        config: { bucket: ref('aws_s3_bucket.b.id', 'aws_s3_bucket.b') },
      },
    },
    'blocked',
    'bucket-policy',
  ],
  [
    'a document about its own key',
    apart(
      document({ ...statement, resources: [null] }, { resources: ownArn }, { resources: [true] }),
    ),
    'deliverable',
    null,
  ],
  [
    'a document whose resources are unknown as a whole',
    apart(document(statement, { resources: ownArn }, { resources: true })),
    'deliverable',
    null,
  ],
  [
    'a document about another key',
    {
      ...apart(
        document(
          { ...statement, resources: [null] },
          { resources: ref('aws_kms_key.x.arn', 'aws_kms_key.x') },
          { resources: [true] },
        ),
      ),
      'aws_kms_key.x': {},
    },
    'blocked',
    'key-policy',
  ],
  [
    'a document of a dynamic block',
    apart(document({ ...statement, resources: [null] }, null, { resources: [true] })),
    'unknown',
    'key-policy',
  ],
  [
    'a document with a condition on an unknown value',
    apart(
      document(
        {
          ...statement,
          resources: ['*'],
          condition: [{ test: 'ArnLike', variable: 'aws:SourceArn', values: [null] }],
        },
        { condition: [{ values: ref('aws_vpc.v.arn', 'aws_vpc.v') }] },
        { condition: [{ values: [true] }] },
      ),
    ),
    'unknown',
    'key-policy',
  ],
  [
    'a document whose effect is unknown in a dynamic block',
    apart(document({ ...statement, effect: null, resources: ['*'] }, null, { effect: true })),
    'unknown',
    'key-policy',
  ],
  [
    'a document that adds to another',
    apart({
      ...document({ ...statement, resources: ['*'] }, {}, {}),
      unknown: { json: true, source_policy_documents: [true] },
    }),
    'unknown',
    'key-policy',
  ],
  ...merges,
  [
    'a folder that a policy may ask for',
    {
      [key]: {
        ...keyed,
        values: {
          policy: admit({
            Condition: {
              StringLike: {
                'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::acme-logs/vpc/AWSLogs/*',
              },
            },
          }),
        },
      },
    },
    'unknown',
    'key-policy',
  ],
  [
    'a key that is replaced',
    { [key]: { ...keyed, actions: ['delete', 'create'] } },
    'deliverable',
    null,
  ],
])('%s: judged', (_, rows, outcome, reason) => {
  expect(verdictOf(rows)).toMatchObject({ outcome, reason });
});

it.each([
  ['deleted', { actions: ['delete'], values: { log_destination_type: 's3' } }],
  ['forgotten', { actions: ['forget'] }],
  ['deposed', { ...good['aws_flow_log.f'], deposed: '1234abcd' }],
])('a flow log that is %s is not listed', (_, row) => {
  const { flowLogs } = judgePlans(filesOf(planOf({ ...good, 'aws_flow_log.f': row })));
  expect(flowLogs).toEqual([]);
});

const ofCloudControl = 'awscc_ec2_flow_log.f';
it.each<readonly [string, object, string, string | null]>([
  ['into a bucket of the plan', {}, 'deliverable', null],
  ['into CloudWatch', { log_destination_type: 'cloud-watch-logs' }, 'exempt', 'destination'],
  [
    'in folders of Hive',
    { destination_options: { hive_compatible_partitions: true } },
    'blocked',
    'key-policy',
  ],
])('a flow log of the provider awscc %s', (_, more, outcome, reason) => {
  const plain = 'arn:aws:s3:::acme-logs/AWSLogs/111122223333/*';
  const condition = { StringLike: { 'kms:EncryptionContext:aws:s3:arn': plain } };
  const log_destination = 'arn:aws:s3:::acme-logs';
  const rows = {
    ...good,
    [key]: { ...keyed, values: { policy: admit({ Condition: condition }) } },
    [ofCloudControl]: { values: { log_destination_type: 's3', log_destination, ...more } },
  };
  const { verdicts } = judgePlans(filesOf(planOf(rows)));
  expect(verdicts.get(ofCloudControl)).toMatchObject({ outcome, reason });
});

it('a flow log of the provider awscc is exempt by a tag', () => {
  const tags = [{ key: 'team', value: 'sandbox' }];
  const rows = { ...good, [ofCloudControl]: { values: { log_destination_type: 's3', tags } } };
  const { flowLogs } = readPlans(filesOf(planOf(rows)), { account: undefined, region: undefined });
  const tag = { name: 'team', value: 'sandbox' };
  const exemption = { pattern: { tag }, reason: 'test', owner: 'me', expires: '2027-01-01' };
  const question = { ...plainQuestion, exemptions: [exemption] };
  const found = flowLogs.find(({ id }) => id === ofCloudControl);
  expect(found && judgeInWorlds(found, question)?.verdict.outcome).toBe('exempt');
});

it('a flow log of the provider awscc into a bucket of this provider is unknown', () => {
  const bucket = 'awscc_s3_bucket.b';
  const log = {
    values: { log_destination_type: 's3' },
    config: { log_destination: ref(`${bucket}.arn`, bucket) },
  };
  const { verdicts } = judgePlans(filesOf(planOf({ [bucket]: {}, [ofCloudControl]: log })));
  expect(verdicts.get(ofCloudControl)?.message).toMatch(/depends on awscc_s3_bucket\.b\.arn/);
});

it('a sensitive policy is judged, and not even a Sid is printed', () => {
  const values = { policy: admit({ Sid: 'TopSecret', Action: 'kms:Decrypt' }) };
  const verdict = verdictOf({ [key]: { ...keyed, values, sensitive: { policy: true } } });
  expect(verdict).toMatchObject({ outcome: 'blocked', reason: 'key-policy' });
  expect(JSON.stringify(verdict)).not.toContain('TopSecret');
});

it('a source document that is sensitive is judged, and not even a Sid is printed', () => {
  const secret = {
    ...part({ sid: 'TopSecret', actions: ['kms:Decrypt'] }),
    sensitive: { statement: true },
  };
  const verdict = verdictOf(mergeOf(sources(1, named('a')), { [first]: secret }));
  expect(verdict).toMatchObject({ outcome: 'blocked', reason: 'key-policy' });
  expect(JSON.stringify(verdict)).not.toContain('TopSecret');
});

it.each([
  ['that differ', ['aws:kms'], 'unknown'],
  ['that agree', [], 'deliverable'],
])('two plans have a bucket of one name each: buckets %s', (_, algorithms, outcome) => {
  const rules = algorithms.map((sse_algorithm) => ({
    rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm }] }],
  }));
  const bucket = { bucket: 'one', server_side_encryption_configuration: rules };
  const log = { log_destination_type: 's3', log_destination: 'arn:aws:s3:::one' };
  const plain = { bucket: 'one', server_side_encryption_configuration: [] };
  const own = planOf({ 'aws_s3_bucket.own': { values: plain }, 'aws_flow_log.f': { values: log } });
  const other = planOf({ 'aws_s3_bucket.other': { values: bucket } });
  const { verdicts } = judgePlans(filesOf(own, other));
  expect(verdicts.get('aws_flow_log.f')).toMatchObject({ outcome });
  if (outcome === 'unknown')
    expect(verdicts.get('aws_flow_log.f')?.message).toMatch(
      /aws_s3_bucket.own and aws_s3_bucket.other, all named one/,
    );
});

it('a sensitive name of a bucket is judged, and not printed', () => {
  const values = { bucket: 'acme-secret', server_side_encryption_configuration: [] };
  const bucket = { values, config: { bucket: ref('var.b') }, sensitive: { bucket: true } };
  expect(verdictOf({ 'aws_s3_bucket.b': bucket, [key]: refused })?.message).not.toContain('secret');
});

it('two plans with one address have the file in front', () => {
  const { flowLogs } = judgePlans(filesOf(planOf(good), planOf(good)));
  expect(flowLogs.map(({ id }) => id.replace(/^.*plan-/, ''))).toEqual([
    '0.aws_flow_log.f',
    '1.aws_flow_log.f',
  ]);
});

it.each([
  ['a later format', { format_version: '2.0' }, 'has format version 2.0'],
  [
    'a raw state',
    { version: 4, serial: 1, lineage: 'x' },
    'is a raw state: run terraform show -json',
  ],
  ['a binary plan', 'PK\u0003\u0004', 'is a binary plan'],
  ['broken JSON', '{"format_version": ', 'is not JSON, at line 1, column'],
  ['a template', { Resources: {} }, 'give the file with --template'],
  ['the log of a run', '{"@level":"info"}\n{}', 'is the log of a run'],
  ['an empty file', ' ', 'is empty'],
  [
    'the output of the wrapper of a GitHub Action',
    '[command]/opt/terraform-bin show -json\n{}',
    'set terraform_wrapper: false',
  ],
  ['a list', '[]', 'is no plan'],
])('%s is refused by name', (_, content, message) => {
  const { problems } = judgePlans(filesOf(content));
  expect(problems.map((each) => each.message)).toEqual([expect.stringContaining(message)]);
});

it('references that go in a circle end', () => {
  const output = { outputs: { o: { expression: ref('var.v') } }, variables: { v: {} } };
  const modules = { m: { module: output, expressions: { v: ref('module.m.o', 'module.m') } } };
  const rows = { ...good, [sse]: encryptedBy('module.m.o', 'module.m') };
  const { verdicts } = judgePlans(filesOf(planOf(rows, {}, modules)));
  expect(verdicts.get('aws_flow_log.f')).toMatchObject({ outcome: 'unknown' });
});

it('the account of an assumed role settles a verdict', () => {
  const policy = admit({ Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } } });
  const role = [{ role_arn: is('arn:aws:iam::222222222222:role/deploy') }];
  const plan = planOf({ ...good, [key]: { ...keyed, values: { policy } } }, { prior_state: {} });
  const { configuration } = plan as { configuration: { provider_config: object } };
  const withRole = (assume_role: unknown) => ({
    ...plan,
    configuration: {
      ...configuration,
      provider_config: { aws: { name: 'aws', expressions: { assume_role } } },
    },
  });
  const outcomeOf = (assume_role: unknown) =>
    judgePlans(filesOf(withRole(assume_role))).verdicts.get('aws_flow_log.f')?.outcome;
  expect([outcomeOf(role), outcomeOf(undefined)]).toEqual(['deliverable', 'unknown']);
});

describe('a state', () => {
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const resource = (address: string, values: object) => ({
    ...{ address, mode: 'managed', values },
    ...{ type: address.split('.').at(-2), name: address.split('.').at(-1) },
  });
  const rule = { sse_algorithm: 'aws:kms', kms_master_key_id: arn };
  const stateOf = (policy: string) => ({
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          resource('aws_flow_log.f', {
            arn: 'arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/fl-1',
            log_destination: 'arn:aws:s3:::acme/vpc',
            log_destination_type: 's3',
          }),
          resource('aws_s3_bucket.b', { bucket: 'acme', id: 'acme', region: 'eu-west-1' }),
        ],
        child_modules: [
          {
            address: 'module.key["a.b"]',
            resources: [
              resource('module.key["a.b"].aws_kms_key.k', { arn, policy, is_enabled: true }),
              resource('module.key["a.b"].aws_s3_bucket_server_side_encryption_configuration.s', {
                bucket: 'acme',
                rule: [{ apply_server_side_encryption_by_default: [rule] }],
              }),
            ],
          },
        ],
      },
    },
  });

  it.each([
    [admit(), 'deliverable', null],
    [
      admit({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
      'deliverable',
      null,
    ],
    [
      admit({ Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } } }),
      'blocked',
      'key-policy',
    ],
  ])('is judged as the account is: %s', (policy, outcome, reason) => {
    const { verdicts } = judgePlans(filesOf(stateOf(policy)));
    expect(verdicts.get('aws_flow_log.f')).toMatchObject({ outcome, reason });
  });
});
