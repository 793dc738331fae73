import * as v from 'valibot';
import { errorText, parseJson } from '../basics/text.ts';
import type { Dependency } from '../model/dependency.ts';
import { dependencyIn, readChange } from '../sources/recorded/change.ts';
import { readBy } from '../sources/recorded/fields.ts';

/** A change of a bucket or key, from the queue. */
export interface Edit {
  readonly messageId: string;
  /** The time of arrival by the queue's clock: milliseconds since 1970. */
  readonly sentAt: number;
  readonly dependency: Dependency;
}

/** A message of the queue as it was understood: an edit, a change without effect on verdicts, or unreadable. */
export type Message =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly messageId: string; readonly why: string };

/** A record of SQS, as Lambda passes it to a function. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly SentTimestamp: string };
}

/** https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html */
const envelope = v.object({
  source: v.literal('aws.config', 'is not of AWS Config'),
  'detail-type': v.literal('Config Configuration Item Change', 'is no change of an item'),
  account: v.string(),
  detail: v.unknown(),
});

const sentTimestamp = v.pipe(v.string(), v.regex(/^\d+$/, 'is no time'), v.transform(Number));

/** Reads a message of the queue: the body is an event of EventBridge. */
export function readMessage({ messageId, body, attributes }: QueueRecord): Message {
  try {
    const { account, detail } = readBy(envelope, parseJson(body, 'the body'));
    const change = readChange(detail);
    const { accountId } = change.item;
    // EventBridge itself fills in the sending account; the item is only the word of the sender.
    if (accountId !== account)
      throw new Error(`the event is of account ${account}, its item of account ${accountId}`);
    const dependency = dependencyIn(change);
    if (dependency.kind === 'nothing') return { kind: 'nothing' };
    const sentAt = readBy(sentTimestamp, attributes.SentTimestamp);
    return { kind: 'edit', edit: { messageId, sentAt, dependency } };
  } catch (error) {
    return { kind: 'unreadable', messageId, why: errorText(error) };
  }
}
