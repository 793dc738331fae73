import * as v from 'valibot';
import { errorText } from '../../basics/text.ts';
import type { Dependency } from '../../model/dependency.ts';
import { resourceTypes } from '../../model/resource-types.ts';
import { issuesOf, optionalField } from './fields.ts';
import { arnOf, isDeleted, readItem, type ConfigItem } from './item.ts';

/** A changed resource. */
export interface Change {
  readonly item: ConfigItem;
  /** Names of the changed properties; undefined where AWS Config does not name the properties. */
  readonly changedProperties: readonly string[] | undefined;
}

/** The subject of a change without effect on verdicts. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly why: string;
}

const changedItem = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }): ConfigItem => {
    try {
      return readItem(dataset.value);
    } catch (error) {
      addIssue({ message: `configuration item: ${errorText(error)}` });
      return NEVER;
    }
  }),
);

/**
 * The two messages by which AWS Config reports a changed resource. A too large item comes as a summary.
 * https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
export const changeMessages = [
  v.object({
    messageType: v.literal('ConfigurationItemChangeNotification'),
    configurationItem: changedItem,
    configurationItemDiff: optionalField(
      v.object({ changedProperties: optionalField(v.record(v.string(), v.unknown())) }),
    ),
  }),
  v.object({
    messageType: v.literal('OversizedConfigurationItemChangeNotification'),
    configurationItemSummary: changedItem,
  }),
] as const;

const changeMessage = v.variant('messageType', changeMessages);

/** The change in a message. */
export function changeOf(message: v.InferOutput<typeof changeMessage>): Change {
  if (message.messageType === 'OversizedConfigurationItemChangeNotification')
    return { item: message.configurationItemSummary, changedProperties: undefined };
  const { configurationItem: item, configurationItemDiff: diff } = message;
  return { item, changedProperties: diff && Object.keys(diff.changedProperties ?? {}) };
}

/** Reads a message of AWS Config about a changed resource. Throws an Error for any other message. */
export function readChange(raw: unknown): Change {
  const result = v.safeParse(changeMessage, raw);
  if (result.success) return changeOf(result.output);
  throw new Error(`not a change of AWS Config: ${issuesOf(result.issues)}`);
}

/** The changed bucket or key, if the change can alter a verdict. A deletion always can. */
export function dependencyIn(change: Change, gone = isDeleted(change.item)): Dependency | Nothing {
  const { item } = change;
  const { type, id } = item;
  if (type !== resourceTypes.bucket && !type.startsWith('AWS::KMS::'))
    return { kind: 'nothing', why: `no flow log depends on ${type}` };
  if (!gone && !touchesDelivery(change))
    return { kind: 'nothing', why: 'the change touches no policy, state or encryption' };
  return type === resourceTypes.bucket
    ? { kind: 'bucket', name: id }
    : { kind: 'key', arn: arnOf(item) };
}

/** Whether a change of a key or bucket can alter a verdict. A change without named properties may alter any verdict. */
function touchesDelivery({ item, changedProperties }: Change): boolean {
  if (v.is(v.object({ keyManager: v.literal('AWS') }), item.configuration)) return false;
  if (changedProperties === undefined || changedProperties.length === 0) return true;
  return changedProperties.some((name) => deliveryProperty.test(name));
}

/** Properties of keys and buckets by name, like `SupplementaryConfiguration.Policy`. A bare name means all properties. */
const deliveryProperty =
  /policy|state|enabled|deletion|encryption|target|multiregion|^(supplementary)?configuration$/i;
