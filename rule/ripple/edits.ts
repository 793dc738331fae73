import * as v from 'valibot';
import { errorText, parseJson } from '../basics/text.ts';
import type { Dependency } from '../model/dependency.ts';
import { dependencyIn, readChange } from '../sources/recorded/change.ts';
import { issuesOf } from '../sources/recorded/fields.ts';

/** A change of something that flow logs depend on, as it came out of the queue. */
export interface Edit {
  readonly messageId: string;
  /** When it came into the queue, by the queue's clock: milliseconds since 1970. */
  readonly sentAt: number;
  readonly about: Dependency;
}

/** What a message of the queue is: an edit, nothing that matters, or no such message at all. */
export type Message =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly messageId: string; readonly why: string };

/** What SQS hands to a function. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface Handed {
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

const sentAt = v.pipe(v.string(), v.regex(/^\d+$/, 'is no time'), v.transform(Number));

/** Reads a message of the queue, whose body is an event of EventBridge. */
export function readMessage({ messageId, body, attributes }: Handed): Message {
  try {
    const { account, detail } = parse(envelope, parseJson(body, 'the body'));
    const change = readChange(detail);
    const { accountId } = change.item;
    // EventBridge says who sent it, and lets nobody else say so.
    if (accountId !== account)
      throw new Error(`the event is of account ${account}, its item of account ${accountId}`);
    const subject = dependencyIn(change);
    if (subject.kind === 'nothing') return { kind: 'nothing' };
    const edit = { messageId, sentAt: parse(sentAt, attributes.SentTimestamp), about: subject };
    return { kind: 'edit', edit };
  } catch (error) {
    return { kind: 'unreadable', messageId, why: withoutValues(errorText(error)) };
  }
}

function parse<T extends v.GenericSchema>(schema: T, raw: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  throw new Error(issuesOf(result.issues));
}

/** What was found in the place of something else may be a policy, and this goes into a log. */
const withoutValues = (words: string): string => words.replace(/ but received .*$/s, '');
