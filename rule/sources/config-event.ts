import { wordsOf } from '../model/words.ts';
import * as v from 'valibot';
import {
  arnOf,
  isDeleted,
  isRecorded,
  issuesOf,
  optional,
  readItem,
  type ConfigItem,
} from './config-item.ts';

/** What flow logs depend on. */
export type Dependency =
  /** The flow logs that deliver to this bucket. */
  | { readonly kind: 'bucket'; readonly name: string }
  /** The flow logs whose bucket uses this key, or names its key by this alias. */
  | { readonly kind: 'key'; readonly arn: string };

interface Nothing {
  readonly kind: 'nothing';
  readonly why: string;
}

/** What an invocation of the rule is about. */
type Subject =
  | { readonly kind: 'everything' }
  | { readonly kind: 'flow-log'; readonly id: string }
  /** A flow log that is deleted, or that the rule does not evaluate. */
  | {
      readonly kind: 'not-applicable';
      readonly type: string;
      readonly id: string;
      readonly why: string;
      /** Whether it is known not to exist any more. */
      readonly gone: boolean;
    }
  | Dependency
  | Nothing;

/** What AWS Config asks of the rule. */
export interface Asked {
  readonly accountId: string;
  readonly ruleName: string;
  readonly resultToken: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What the evaluations are as of; Config ignores those that are older than what it has. */
  readonly orderingTime: Date;
  readonly subject: Subject;
}

const json = (name: string) =>
  v.pipe(
    v.string(`${name} is not a string`),
    v.rawTransform(({ dataset, addIssue, NEVER }): unknown => {
      try {
        return JSON.parse(dataset.value || '{}') as unknown;
      } catch {
        addIssue({ message: `${name} is not JSON` });
        return NEVER;
      }
    }),
  );

const itemSchema = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }): ConfigItem => {
    try {
      return readItem(dataset.value);
    } catch (error) {
      addIssue({ message: `configuration item: ${wordsOf(error)}` });
      return NEVER;
    }
  }),
);

const time = v.pipe(
  v.string(),
  v.transform((text) => new Date(text)),
  v.date('notificationCreationTime is not a time'),
);

const diff = optional(
  v.object({
    changedProperties: optional(v.record(v.string(), v.unknown())),
  }),
);

const change = v.variant('messageType', [
  v.object({
    messageType: v.literal('ConfigurationItemChangeNotification'),
    configurationItem: itemSchema,
    configurationItemDiff: diff,
  }),
  v.object({
    messageType: v.literal('OversizedConfigurationItemChangeNotification'),
    configurationItemSummary: itemSchema,
  }),
]);

/** https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html */
const invocation = v.variant('messageType', [
  change,
  v.object({
    messageType: v.picklist(['ScheduledNotification', 'ConfigurationSnapshotDeliveryCompleted']),
    notificationCreationTime: time,
  }),
]);

type Invocation = v.InferOutput<typeof invocation>;

const event = v.object({
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  configRuleName: v.string(),
  resultToken: v.pipe(v.string(), v.minLength(1)),
  eventLeftScope: v.nullish(v.boolean(), false),
  evaluationMode: v.nullish(v.string(), 'DETECTIVE'),
  invokingEvent: v.pipe(json('invokingEvent'), invocation),
  ruleParameters: v.nullish(v.pipe(json('ruleParameters'), v.record(v.string(), v.string())), '{}'),
});

/** Reads what AWS Config sends to a rule. Throws an Error for anything else. */
export function readEvent(raw: unknown): Asked {
  const result = v.safeParse(event, raw);
  if (!result.success) throw new Error(`not an event of AWS Config: ${issuesOf(result.issues)}`);
  const { accountId, configRuleName, resultToken, invokingEvent, ruleParameters } = result.output;
  const item = itemIn(invokingEvent);
  if (item !== undefined && item.accountId !== accountId)
    throw new Error(
      `the event is of account ${accountId}, its item of account ${item.accountId}: refused`,
    );
  return {
    accountId,
    ruleName: configRuleName,
    resultToken,
    parameters: ruleParameters,
    orderingTime:
      'notificationCreationTime' in invokingEvent
        ? invokingEvent.notificationCreationTime
        : capturedAt(item),
    subject: item === undefined ? { kind: 'everything' } : subjectOf(item, result.output),
  };
}

/**
 * Reads what AWS Config tells of a changed resource, wherever it tells it: whose it is, and which flow logs it may be
 * for. Throws an Error for what is no change.
 */
export function readChange(raw: unknown): {
  readonly accountId: string;
  readonly subject: Dependency | Nothing;
} {
  const result = v.safeParse(change, raw);
  if (!result.success) throw new Error(`not a change of AWS Config: ${issuesOf(result.issues)}`);
  const told = result.output;
  const item = 'configurationItem' in told ? told.configurationItem : told.configurationItemSummary;
  return { accountId: item.accountId, subject: dependencyIn(item, told, isDeleted(item)) };
}

function itemIn(invoking: Invocation): ConfigItem | undefined {
  if ('configurationItem' in invoking) return invoking.configurationItem;
  return 'configurationItemSummary' in invoking ? invoking.configurationItemSummary : undefined;
}

function capturedAt(item: ConfigItem | undefined): Date {
  if (item?.capturedAt !== undefined) return new Date(item.capturedAt);
  throw new Error('not an event of AWS Config: the item has no configurationItemCaptureTime');
}

function subjectOf(
  item: ConfigItem,
  { eventLeftScope, evaluationMode, invokingEvent }: v.InferOutput<typeof event>,
): Subject {
  const { type, id } = item;
  if (evaluationMode === 'PROACTIVE')
    return {
      kind: 'not-applicable',
      type,
      id,
      why: 'AWS Config does not evaluate flow logs before they exist',
      gone: false,
    };
  const gone = eventLeftScope || isDeleted(item);
  if (type === 'AWS::EC2::FlowLog')
    return gone || !isRecorded(item)
      ? { kind: 'not-applicable', type, id, why: 'flow log is deleted or no longer in scope', gone }
      : { kind: 'flow-log', id };
  return dependencyIn(item, invokingEvent, gone);
}

/** What flow logs depend on, if this is some of it and the change can matter to them. */
function dependencyIn(item: ConfigItem, invoking: Invocation, gone: boolean): Dependency | Nothing {
  const { type, id } = item;
  if (type !== 'AWS::S3::Bucket' && !type.startsWith('AWS::KMS::'))
    return { kind: 'nothing', why: `no flow log depends on ${type}` };
  if (!gone && !touchesDelivery(item, invoking))
    return { kind: 'nothing', why: 'the change touches no policy, state or encryption' };
  return type === 'AWS::S3::Bucket'
    ? { kind: 'bucket', name: id }
    : { kind: 'key', arn: arnOf(item) };
}

/** Whether a change of a key or bucket can change a verdict; one that does not say what changed may. */
function touchesDelivery({ configuration }: ConfigItem, invoking: Invocation): boolean {
  if (v.is(v.object({ keyManager: v.literal('AWS') }), configuration)) return false;
  if (!('configurationItemDiff' in invoking) || invoking.configurationItemDiff === undefined)
    return true;
  const changed = Object.keys(invoking.configurationItemDiff.changedProperties ?? {});
  return changed.length === 0 || changed.some((name) => telling.test(name));
}

/** Properties of keys and buckets by name, such as `SupplementaryConfiguration.Policy`; the bare names mean all of it. */
const telling = /policy|state|enabled|deletion|encryption|target|^(supplementary)?configuration$/i;
