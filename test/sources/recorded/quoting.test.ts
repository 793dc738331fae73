import * as v from 'valibot';
import { readChange } from '../../../rule/sources/recorded/change.ts';
import { issuesOf } from '../../../rule/sources/recorded/fields.ts';
import { readItem } from '../../../rule/sources/recorded/item.ts';
import { readField } from '../../../rule/sources/recorded/json-field.ts';
import { readMessage } from '../../../rule/ripple/edits.ts';
import { readEvent } from '../../../rule/evaluate/event.ts';
import { readStepEvent } from '../../../rule/mend/step-event.ts';
import { errorText } from '../../../rule/basics/text.ts';
import { decide } from '../../../rule/judge/decide.ts';
import { grant, key, policy as keyPolicy, question, world } from '../../world.ts';

/** Words that only a policy has, and that no message may repeat. */
const policy = JSON.stringify({ Statement: [{ Sid: 'OnlyInThePolicy'.repeat(20) }] });

const item = {
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'logs',
  awsRegion: 'us-east-1',
  awsAccountId: '111122223333',
};
const changeWith = (more: object) => ({
  messageType: 'ConfigurationItemChangeNotification',
  configurationItem: { ...item, ...more },
});
const event = {
  accountId: '111122223333',
  configRuleName: 'rule',
  resultToken: 'token',
  invokingEvent: '{}',
};
const record = (body: unknown) => ({
  messageId: '1',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: { SentTimestamp: '1' },
});
const fields = v.object({ rules: v.array(v.object({ algorithm: v.string() })) });

describe('a wrong value is named by its place, and never quoted', () => {
  const rows: readonly [string, () => unknown, words: string][] = [
    ['an item that is text', () => readItem(policy), 'Expected Object but received string'],
    [
      'an item with text in place of fields',
      () => readItem({ ...item, supplementaryConfiguration: policy }),
      'supplementaryConfiguration: Invalid type: Expected Object but received string',
    ],
    [
      'an item with another status',
      () => readItem({ ...item, configurationItemStatus: policy }),
      'configurationItemStatus: ',
    ],
    ['an item of another account', () => readItem({ ...item, awsAccountId: policy }), 'AccountId'],
    ['an item with a long id', () => readItem({ ...item, resourceId: policy.repeat(9) }), 'Id: '],
    ['an item with a long ARN', () => readItem({ ...item, ARN: `arn:${policy.repeat(9)}` }), 'ARN'],
    ['a field', () => readField('x', fields, { rules: policy }), 'rules: '],
    ['a field of a field', () => readField('x', fields, { rules: [policy] }), 'rules.0: '],
    ['a field that is no JSON', () => readField('x', fields, policy.slice(5)), 'not JSON'],
    ['a field with lists', () => readField('x', fields, { rules: { policy } }), 'received Object'],
    ['a change', () => readChange(changeWith({ awsRegion: [policy] })), 'awsRegion'],
    ['a message', () => readChange({ messageType: policy }), 'messageType: '],
    [
      'an event',
      () => readEvent({ ...event, invokingEvent: JSON.stringify(changeWith({ ARN: [policy] })) }),
      'ARN: Invalid type',
    ],
    ['an account', () => readEvent({ ...event, accountId: policy }), 'accountId: Invalid format'],
    ['an edit', () => readMessage(record(changeWith({ ARN: policy }))), 'source: '],
    ['an edit that is no JSON', () => readMessage(record(policy.slice(5))), 'is not JSON'],
    [
      'an edit of a message',
      () =>
        readMessage(
          record({
            source: 'aws.config',
            'detail-type': 'Config Configuration Item Change',
            account: '111122223333',
            detail: changeWith({ configurationItemStatus: policy }),
          }),
        ),
      'configurationItemStatus: ',
    ],
    ['a step', () => readStepEvent({ step: policy }), 'step: '],
  ];
  it.each(rows)('%s', (_, read, words) => {
    const message = messageOf(read);
    expect(message).toContain(words);
    expect(message).not.toContain('OnlyInThePolicy');
    expect(message.length).toBeLessThan(400);
  });

  it('and of many mistakes the first few are told', () => {
    const { issues = [] } = v.safeParse(fields, { rules: Array.from({ length: 999 }, () => 1) });
    expect(issuesOf(issues)).toMatch(/^rules\.0: .*; rules\.2: [^;]* and 996 more$/);
  });
});

describe('a long text of a policy is shortened in a verdict', () => {
  const long = 'Long'.repeat(2000);
  it.each<[string, object]>([
    ['a Sid', { Sid: long, Effect: 'Deny' }],
    ['a principal', { Principal: { Service: long } }],
    ['an action', { Action: long }],
    ['a resource', { Resource: long }],
    ['the key of a condition', { Condition: { StringEquals: { [long]: '1' } } }],
    ['the value of a condition', { Condition: { StringEquals: { 'aws:SourceAccount': long } } }],
    ['an operator', { Condition: { [long]: { 'aws:SourceAccount': '1' } } }],
  ])('%s', (_, change) => {
    const facts = { ...world, key: { ...key, policy: keyPolicy({ ...grant, ...change }) } };
    const { outcome, message } = decide(facts, question);
    expect(outcome).not.toBe('deliverable');
    expect(message.length).toBeLessThan(700);
  });
});

/** The words of a failure, of an unknown fact, or of an unreadable message. */
function messageOf(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return errorText(error);
  }
}
