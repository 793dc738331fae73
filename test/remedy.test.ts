import fc from 'fast-check';
import { decide } from '../rule/decide.ts';
import type { Facts } from '../rule/model/facts.ts';
import { remedyFor, statementFor } from '../rule/remedy.ts';
import {
  bucket,
  deny,
  description,
  encryption,
  flowLog,
  grant,
  key,
  keyId,
  policy,
  question,
  world,
} from './world.ts';

const withPolicy = (...statements: readonly object[]): Facts => ({
  ...world,
  key: { ...key, policy: policy(...statements) },
});
const refusing = withPolicy();
const orgOnly = { ...grant, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } };

describe('the statement', () => {
  it('is the one that AWS documents, for this flow log', () => {
    expect(remedyFor(refusing, question)).toEqual({
      Sid: 'FlowLogKeyRule',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:DescribeKey',
      ],
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
        ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' },
      },
    });
  });

  it('names the ARN in the partition of the flow log', () => {
    const china = { ...flowLog, partition: 'aws-cn', region: 'cn-north-1' };
    expect(statementFor([china], question).Condition.ArnLike).toEqual({
      'aws:SourceArn': 'arn:aws-cn:logs:cn-north-1:111122223333:*',
    });
  });

  it('adds a required action that AWS does not document', () => {
    const asked = { ...question, requiredActions: ['kms:GenerateDataKeyPair', 'kms:CreateGrant'] };
    expect(remedyFor(refusing, asked)?.Action.slice(5)).toEqual(['kms:CreateGrant']);
  });

  it('for several flow logs lists each account and each ARN once', () => {
    const other = { ...flowLog, accountId: '444455556666' };
    expect(statementFor([other, flowLog, flowLog], question).Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': ['111122223333', '444455556666'] },
      ArnLike: {
        'aws:SourceArn': [
          'arn:aws:logs:us-east-1:111122223333:*',
          'arn:aws:logs:us-east-1:444455556666:*',
        ],
      },
    });
  });
});

describe('a remedy is', () => {
  const offered: readonly [string, Facts, boolean][] = [
    ['not for what is delivered', world, false],
    ['for the default key policy', refusing, true],
    ['for a policy that is unsure', withPolicy(orgOnly), true],
    [
      'for a failed delivery whose policy refuses',
      {
        ...refusing,
        flowLog: { ...flowLog, observed: { status: 'FAILED', error: 'Access error' } },
      },
      true,
    ],
    [
      'not for a failed delivery whose policy is fine',
      { ...world, flowLog: { ...flowLog, observed: { status: 'FAILED', error: 'Access error' } } },
      false,
    ],
    ['not where a Deny is in the way', withPolicy(deny), false],
    [
      'not where a Deny may be in the way',
      withPolicy({ ...deny, Condition: { StringEquals: { 'aws:SourceIp': '203.0.113.7' } } }),
      false,
    ],
    [
      'not for a disabled key',
      {
        ...refusing,
        key: { ...key, policy: policy(), description: { ...description, state: 'Disabled' } },
      },
      false,
    ],
    [
      'not for a key that AWS manages',
      {
        ...refusing,
        key: { ...key, policy: policy(), description: { ...description, manager: 'AWS' } },
      },
      false,
    ],
    [
      'not for a key of another Region',
      { ...refusing, key: { ...key, policy: policy(), region: 'eu-west-1' } },
      false,
    ],
    [
      'not for a key that is named by its id',
      { ...refusing, bucket: { ...bucket, encryption: { ...encryption, keyId } } },
      false,
    ],
    [
      'not for a policy that could not be read',
      { ...world, key: { ...key, policy: { unknown: 'refused' } } },
      false,
    ],
    [
      'not for a policy that is none',
      { ...world, key: { ...key, policy: { document: { Version: '2012-10-17' } } } },
      false,
    ],
    ['not for a key that could not be read', { ...world, key: { unknown: 'refused' } }, false],
    [
      'for a policy with a single statement that is no list',
      {
        ...world,
        key: { ...key, policy: { document: { Version: '2012-10-17', Statement: orgOnly } } },
      },
      true,
    ],
  ];
  it.each(offered)('%s', (_, facts, expected) => {
    expect(remedyFor(facts, question) !== null).toBe(expected);
  });

  it('enough: with it in the policy nothing is left to remedy', () => {
    const statements = fc.array(
      fc.constantFrom(
        grant,
        orgOnly,
        deny,
        { ...grant, Action: 'kms:Decrypt' },
        { ...grant, Effect: 'Deny' },
        { ...deny, Condition: { StringNotEquals: { 'aws:SourceAccount': '111122223333' } } },
      ),
    );
    fc.assert(
      fc.property(
        statements,
        fc.constantFrom('us-east-1', 'eu-west-1'),
        fc.constantFrom('111122223333', '444455556666'),
        (present, region, accountId) => {
          const facts = { ...withPolicy(...present), flowLog: { ...flowLog, region, accountId } };
          const statement = remedyFor(facts, question);
          if (statement === null) return;
          const mended = { ...facts, key: { ...key, policy: policy(...present, statement) } };
          expect(decide(mended, question).outcome).toBe('deliverable');
          expect(remedyFor(mended, question)).toBeNull();
        },
      ),
    );
  });
});
