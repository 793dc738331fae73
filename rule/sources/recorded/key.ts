import { keyArnBehind } from '../../model/arn.ts';
import * as v from 'valibot';
import { unknown, type Key, type Unknown } from '../../model/facts.ts';
import { optionalField, optionalText } from './fields.ts';
import { arnOf, type ConfigItem } from './item.ts';
import { readField, readPolicyField } from './json-field.ts';

/** The key of an item. */
export function recordedKey(item: ConfigItem): Key {
  const arn = arnOf(item);
  const { accountId, region } = item;
  const policy = item.supplementary.Policy ?? undefined;
  return {
    kind: 'key',
    arn,
    accountId,
    region,
    description: recordedDescription(arn, item),
    policy:
      policy === undefined
        ? unknown(`item of key ${arn} has no key policy recorded`, 'run with --live')
        : readPolicyField(`policy of key ${arn}`, policy),
    capturedAt: item.capturedAt ?? -Infinity,
  };
}

const keySchema = v.object({
  keyState: optionalText,
  keyManager: optionalText,
  keyUsage: optionalText,
  keySpec: optionalText,
  customerMasterKeySpec: optionalText,
  origin: optionalText,
  multiRegion: optionalField(v.boolean()),
  multiRegionConfiguration: v.fallback(
    optionalField(v.object({ multiRegionKeyType: optionalText })),
    undefined,
  ),
});

function recordedDescription(arn: string, { configuration }: ConfigItem): Key['description'] {
  const field = readField(`item of key ${arn}`, keySchema, configuration);
  if (field.kind === 'unknown') return field;
  const { value } = field;
  return {
    kind: 'description',
    state: value.keyState,
    manager: value.keyManager,
    usage: value.keyUsage,
    spec: value.keySpec ?? value.customerMasterKeySpec,
    origin: value.origin,
    multiRegion: value.multiRegion,
    multiRegionKeyType: value.multiRegionConfiguration?.multiRegionKeyType,
  };
}

/** AWS Config's own schema has this name in PascalCase, unlike the names of the other types. */
const aliasSchema = v.object({ TargetKeyId: optionalText, targetKeyId: optionalText });

/** The ARN of the key behind the alias of an item. */
export function recordedAliasTarget(item: ConfigItem): string | Unknown {
  const arn = arnOf(item);
  const field = readField(`item of alias ${arn}`, aliasSchema, item.configuration);
  if (field.kind === 'unknown') return field;
  const keyId = field.value.TargetKeyId ?? field.value.targetKeyId;
  if (keyId === undefined) return unknown(`alias ${arn} stands for no key`, 'set a key ARN');
  return keyArnBehind(arn, keyId);
}
