import { resourceTypes } from '../model/resource-types.ts';
import * as v from 'valibot';
import { errorText, parseJson } from '../basics/text.ts';
import type { Dependency } from '../model/dependency.ts';
import {
  changeMessages,
  changeOf,
  dependencyIn,
  type Change,
  type Nothing,
} from '../sources/recorded/change.ts';
import { issuesOf, textsByName } from '../sources/recorded/fields.ts';
import { isDeleted, isRecorded, type ConfigItem } from '../sources/recorded/item.ts';

/** The subject of a request: all flow logs, one, or the dependents of a bucket or key. */
type Subject =
  | { readonly kind: 'everything' }
  | { readonly kind: 'flow-log'; readonly id: string }
  /** A resource without a verdict: a deleted flow log, or a resource the rule does not evaluate. */
  | {
      readonly kind: 'not-applicable';
      readonly type: string;
      readonly id: string;
      readonly why: string;
      /** True where the resource surely does not exist any more. */
      readonly gone: boolean;
    }
  | Dependency
  | Nothing;

/** A request of AWS Config to the rule. */
export interface RuleRequest {
  readonly accountId: string;
  readonly ruleName: string;
  readonly resultToken: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The time of the evaluations. AWS Config ignores an evaluation older than the last result. */
  readonly orderingTime: Date;
  readonly subject: Subject;
}

/** JSON in a string; an empty string counts as no fields. */
const jsonField = (name: string) =>
  v.pipe(
    v.string(`${name} is not a string`),
    v.rawTransform(({ dataset, addIssue, NEVER }): unknown => {
      try {
        return parseJson(dataset.value || '{}', name);
      } catch (error) {
        addIssue({ message: errorText(error) });
        return NEVER;
      }
    }),
  );

const notificationTime = v.pipe(
  v.string(),
  v.transform((text) => new Date(text)),
  v.date('notificationCreationTime is not a time'),
);

/** https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html */
const invokingMessage = v.variant('messageType', [
  ...changeMessages,
  v.object({
    messageType: v.picklist(['ScheduledNotification', 'ConfigurationSnapshotDeliveryCompleted']),
    notificationCreationTime: notificationTime,
  }),
]);

const ruleEvent = v.object({
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  configRuleName: v.string(),
  resultToken: v.pipe(v.string(), v.minLength(1)),
  eventLeftScope: v.nullish(v.boolean(), false),
  evaluationMode: v.nullish(v.string(), 'DETECTIVE'),
  invokingEvent: v.pipe(jsonField('invokingEvent'), invokingMessage),
  ruleParameters: v.nullish(v.pipe(jsonField('ruleParameters'), textsByName), '{}'),
});

/** Reads an event of AWS Config to a rule. Throws an Error for any other input. */
export function readEvent(raw: unknown): RuleRequest {
  const result = v.safeParse(ruleEvent, raw);
  if (!result.success) throw new Error(`not an event of AWS Config: ${issuesOf(result.issues)}`);
  const { accountId, configRuleName, resultToken, invokingEvent, ruleParameters } = result.output;
  const common = { accountId, ruleName: configRuleName, resultToken, parameters: ruleParameters };
  if ('notificationCreationTime' in invokingEvent)
    return {
      ...common,
      orderingTime: invokingEvent.notificationCreationTime,
      subject: { kind: 'everything' },
    };
  const change = changeOf(invokingEvent);
  const { item } = change;
  if (item.accountId !== accountId)
    throw new Error(
      `the event is of account ${accountId}, its item of account ${item.accountId}: refused`,
    );
  return {
    ...common,
    orderingTime: captureTimeOf(item),
    subject: subjectOf(change, result.output),
  };
}

function captureTimeOf({ capturedAt }: ConfigItem): Date {
  if (capturedAt !== undefined) return new Date(capturedAt);
  throw new Error('not an event of AWS Config: the item has no configurationItemCaptureTime');
}

function subjectOf(
  change: Change,
  { eventLeftScope, evaluationMode }: v.InferOutput<typeof ruleEvent>,
): Subject {
  const { item } = change;
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
  if (type !== resourceTypes.flowLog) return dependencyIn(change, gone);
  return gone || !isRecorded(item)
    ? { kind: 'not-applicable', type, id, why: 'flow log is deleted or no longer in scope', gone }
    : { kind: 'flow-log', id };
}
