import fc from 'fast-check';
import { deliveryService } from '../../rule/model/delivery-service.ts';
import { partitionOf } from '../../rule/model/arn.ts';
import type { FlowLog } from '../../rule/model/facts.ts';
import { grantFor, statementOf } from '../../rule/remedy/grant.ts';
import type { Document } from '../../rule/policy/document.ts';
import { account, archive, flowLog, keyArn, question } from '../world.ts';
import {
  about,
  chance,
  conditionsOf,
  pick,
  shuffled,
  statementsWith,
  unlisted,
  versions,
  type Condition,
  type Family,
  type Json,
} from './random.ts';

/** Accounts and Regions few enough that flow logs meet. */
const accounts = [account, archive, '777788889999'];
const regions = ['us-east-1', 'eu-west-1', 'cn-north-1'];

/** The flow log of an account and Region. */
export const flowLogIn = (accountId: string, region: string): FlowLog => ({
  ...flowLog,
  accountId,
  region,
  partition: partitionOf(region),
});
const everywhere = accounts.flatMap((each) => regions.map((region) => flowLogIn(each, region)));
export const flowLogs: fc.Arbitrary<FlowLog> = pick(...everywhere);

/** Some flow logs, each of another account or Region. */
export const fewFlowLogs = fc.shuffledSubarray(everywhere, { minLength: 1, maxLength: 4 });

const text = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
];
const arns = ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'];
const logsArn = (region: string, accountId: string) =>
  `arn:${partitionOf(region)}:logs:${region}:${accountId}:*`;

const families: readonly Family[] = [
  {
    keys: ['aws:SourceAccount', 'AWS:SourceAccount'],
    operators: text,
    values: accounts,
    globs: ['*', '1111*'],
  },
  {
    keys: ['aws:SourceArn', 'aws:sourcearn'],
    operators: [...arns, 'StringLike', 'StringNotLike'],
    values: [...accounts.map((each) => logsArn('us-east-1', each)), 'arn:aws:s3:::example'],
    globs: ['arn:*:logs:*:*:*', `arn:aws:logs:*:${account}:*`, 'arn:aws:logs:eu-west-1:*:*'],
  },
  {
    keys: ['aws:SourceOrgID'],
    operators: text,
    values: ['o-a1b2c3d4e5', 'o-f6g7h8i9j0'],
    globs: ['o-*'],
  },
  {
    keys: ['aws:PrincipalArn', 'aws:PrincipalOrgID', 'kms:ViaService', 'aws:ResourceTag/team'],
    operators: [...text, 'ArnLike', 'ArnNotLike'],
    values: [`arn:aws:iam::${account}:role/admin`, 'o-a1b2c3d4e5', 's3.us-east-1.amazonaws.com'],
    globs: ['*', 's3.*'],
  },
  {
    keys: ['aws:PrincipalIsAWSService', 'kms:GrantIsForAWSResource', 'aws:SecureTransport'],
    operators: ['Bool'],
    values: ['true', 'false', true],
    globs: [],
  },
  {
    keys: ['aws:SourceIp'],
    operators: ['IpAddress', 'NotIpAddress'],
    values: ['203.0.113.0/24', '0.0.0.0/0'],
    globs: [],
  },
];
const variables = [
  '${aws:SourceAccount}',
  '${aws:SourceOrgID}',
  'arn:aws:logs:*:${aws:SourceAccount}:*',
];

const condition: Condition = fc.oneof(
  ...families.map((family) => about(family, variables)),
  fc.tuple(pick('StringMatches'), pick('aws:SourceAccount'), pick(account)),
);

const rootArn = (accountId: string) => `arn:aws:iam::${accountId}:root`;
const elements = {
  conditions: conditionsOf(condition),
  actions: {
    usual: ['kms:*', ['kms:GenerateDataKey*', 'kms:Decrypt'], 'kms:Decrypt'],
    rare: [['kms:Put*', 'KMS:decrypt'], 'kms:CreateGrant', '*', []],
  },
  resources: { usual: ['*'], rare: [keyArn, 'arn:aws:kms:*', []] },
};

/** Deny statements, most of which concern delivery. */
export const denials = statementsWith({
  ...elements,
  effects: pick('Deny'),
  principals: {
    usual: ['*', { Service: deliveryService }],
    rare: [{ AWS: '*' }, { AWS: rootArn(account) }, { Service: '*' }],
  },
});

const foreign = statementsWith({
  ...elements,
  effects: pick('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny', 'Permit'),
  principals: {
    usual: [
      { AWS: rootArn(account) },
      { AWS: [account, `arn:aws:iam::${archive}:role/admin`, 'AROAEXAMPLEEXAMPLEEXA'] },
      { Service: deliveryService },
      { Service: ['s3.amazonaws.com', deliveryService], AWS: archive },
    ],
    rare: ['*', { AWS: '*' }, { Service: '*' }, { Federated: 'accounts.google.com' }],
  },
});

const ownSids = ['FlowLogKeyRule', 'FlowLogKeyRule2', 'FlowLogKeyRule3'];
const named = fc
  .tuple(
    fc.oneof(
      pick({}),
      pick('Guard', '', ...ownSids).map((Sid) => ({ Sid })),
    ),
    fc.oneof({ weight: 5, arbitrary: foreign }, denials),
  )
  .map(([sid, statement]) => ({ ...sid, ...statement }));

/** What KMS never stored, and what nobody should be able to break. */
const malformed = pick<unknown>(null, 'x', 7, {}, { Sid: 'FlowLogKeyRule' }, { Sid: 7 });

/** Ours for some flow logs, as KMS may return it. */
const own = fc
  .tuple(fewFlowLogs, pick(...ownSids), fc.integer())
  .map(([for_, sid, seed]) =>
    unlisted(shuffled(statementOf(grantFor(for_, question), sid), chance(seed))),
  );

/** Ours, changed by a person. */
const edited = fc
  .tuple(
    own,
    pick<Json>(
      { Effect: 'Deny' },
      { Action: 'kms:*' },
      { Principal: '*' },
      { Condition: { StringEquals: { 'aws:SourceAccount': archive } } },
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:111122223333:*' } } },
      { Sid: 'Delivery' },
      { NotAction: 'kms:Put*' },
    ),
  )
  .map(([statement, edit]): unknown => ({ ...(statement as Json), ...edit }));

/** What may stand in a key policy; ours only where asked for. */
const statementAmong = (ours: readonly fc.Arbitrary<unknown>[]) =>
  fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<unknown> }[]>(
    { weight: 12, arbitrary: named },
    { weight: 1, arbitrary: malformed },
    ...ours.map((arbitrary) => ({ weight: 5, arbitrary })),
  );

const policiesOf = (statement: fc.Arbitrary<unknown>): fc.Arbitrary<Document> =>
  fc
    .tuple(
      versions,
      fc.oneof({ weight: 6, arbitrary: pick<Json>({}, { Id: 'key-policy' }) }, pick({ More: 1 })),
      fc.oneof({ weight: 6, arbitrary: fc.array(statement, { maxLength: 4 }) }, statement),
    )
    .map(([version, others, Statement]) => ({ ...version, ...others, Statement }));

/** Key policies of all kinds: ours and others' statements, edited ones and such as make no sense. */
export const keyPolicies = policiesOf(statementAmong([own, edited]));

/** Key policies in which nothing is ours. */
export const foreignPolicies = policiesOf(statementAmong([edited]));
