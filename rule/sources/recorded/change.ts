import { resourceTypes } from '../../model/resource-types.ts';
import * as v from 'valibot';
import { errorText } from '../../basics/text.ts';
import type { Dependency } from '../../model/dependency.ts';
import { arnOf, isDeleted, issuesOf, optional, readItem, type ConfigItem } from './item.ts';

/** A changed resource. */
export interface Change {
  readonly item: ConfigItem;
  /** Names of the properties that changed; undefined where AWS Config does not name them. */
  readonly changedProperties: readonly string[] | undefined;
}

/** A change that alters no verdict. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly why: string;
}

const itemSchema = v.pipe(
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
 * The two messages by which AWS Config reports a changed resource. An item that is too large comes as a summary.
 * https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
export const changeMessages = [
  v.object({
    messageType: v.literal('ConfigurationItemChangeNotification'),
    configurationItem: itemSchema,
    configurationItemDiff: optional(
      v.object({ changedProperties: optional(v.record(v.string(), v.unknown())) }),
    ),
  }),
  v.object({
    messageType: v.literal('OversizedConfigurationItemChangeNotification'),
    configurationItemSummary: itemSchema,
  }),
] as const;

const changeMessage = v.variant('messageType', changeMessages);

/** The change that a message reports. */
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

/** The bucket or key that changed, if the change can alter a verdict; a resource that is gone always can. */
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

/** Whether a change of a key or bucket can alter a verdict. A change that names no property may alter any. */
function touchesDelivery({ item, changedProperties }: Change): boolean {
  if (v.is(v.object({ keyManager: v.literal('AWS') }), item.configuration)) return false;
  if (changedProperties === undefined || changedProperties.length === 0) return true;
  return changedProperties.some((name) => deliveryProperty.test(name));
}

/** Properties of keys and buckets by name, such as `SupplementaryConfiguration.Policy`; the bare names mean all of it. */
const deliveryProperty =
  /policy|state|enabled|deletion|encryption|target|^(supplementary)?configuration$/i;
