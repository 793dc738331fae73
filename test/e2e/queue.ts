import { setTimeout as wait } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** A clock that runs faster than others, for tests of things that take minutes. */
export interface Clock {
  readonly start: number;
  readonly speed: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for so many of its milliseconds. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

export function clockOf(speed: number): Clock {
  const start = Date.now();
  return {
    start,
    speed,
    now: () => Math.floor(start + (Date.now() - start) * speed),
    pass: (milliseconds) => wait(milliseconds / speed),
  };
}

/** What is chosen for a queue and for who polls it, as AWS has it; times in milliseconds. */
export interface QueueOptions {
  readonly clock: Clock;
  readonly delay: number;
  readonly visibilityTimeout: number;
  readonly batchSize: number;
  readonly batchingWindow: number;
  readonly maxReceiveCount: number;
  /** How many poll at once. */
  readonly pollers: number;
  /** The function; what it rejects with is for all messages. */
  readonly invoke: (event: SQSEvent) => Promise<SQSBatchResponse>;
}

/** A standard queue whose messages are handed to a function. */
export interface Queue {
  readonly send: (body: string) => void;
  /** Resolves once nothing is left in it. */
  readonly empty: () => Promise<void>;
  /** The bodies that were received too often. */
  readonly dead: readonly string[];
  /** How many messages the function was handed, by invocation. */
  readonly batches: readonly number[];
  readonly close: () => Promise<void>;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  received: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export function startQueue(options: QueueOptions): Queue {
  const { clock, delay, pollers } = options;
  const messages = new Map<string, Message>();
  const dead: string[] = [];
  const batches: number[] = [];
  const life = { open: true, sent: 0 };
  const polling = Array.from({ length: pollers }, async () => {
    while (life.open) {
      const batch = await receive(messages, options, dead);
      if (batch.length === 0) continue;
      batches.push(batch.length);
      await hand(batch, messages, options);
    }
  });
  return {
    send(body) {
      const sentAt = clock.now();
      const id = `message-${String(++life.sent)}`;
      messages.set(id, { id, body, sentAt, visibleAt: sentAt + delay, received: 0 });
    },
    async empty() {
      while (messages.size > 0) await wait(20);
    },
    dead,
    batches,
    async close() {
      life.open = false;
      await Promise.all(polling);
    },
  };
}

/** Takes what is visible, once there is something and the window is over, or the batch full. */
async function receive(
  messages: Map<string, Message>,
  { clock, batchSize, batchingWindow, visibilityTimeout, maxReceiveCount }: QueueOptions,
  dead: string[],
): Promise<readonly Message[]> {
  await wait(10);
  const batch: Message[] = [];
  const take = (): void => {
    for (const each of messages.values()) {
      if (batch.length === batchSize) return;
      if (each.visibleAt > clock.now()) continue;
      if (each.received === maxReceiveCount) {
        messages.delete(each.id);
        dead.push(each.body);
        continue;
      }
      each.received++;
      each.visibleAt = clock.now() + visibilityTimeout;
      batch.push(each);
    }
  };
  take();
  const end = clock.now() + batchingWindow;
  while (batch.length > 0 && batch.length < batchSize && clock.now() < end) {
    await wait(10);
    take();
  }
  return batch;
}

async function hand(
  batch: readonly Message[],
  messages: Map<string, Message>,
  { invoke }: QueueOptions,
): Promise<void> {
  const answer = await invoke({ Records: batch.map(recordOf) }).catch(() => undefined);
  if (answer === undefined) return;
  const again = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  for (const { id } of batch) if (!again.includes(id)) messages.delete(id);
}

const recordOf = ({ id, body, sentAt, received }: Message): SQSRecord => ({
  messageId: id,
  receiptHandle: id,
  body,
  attributes: {
    ApproximateReceiveCount: String(received),
    SentTimestamp: String(sentAt),
    SenderId: 'events',
    ApproximateFirstReceiveTimestamp: String(sentAt),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:999988887777:ripple',
  awsRegion: 'us-east-1',
});
