import { isAliasArn } from '../../model/arn.ts';
import { unknown, type Key, type Unknown } from '../../model/facts.ts';
import { plannedKey } from '../planned/facts.ts';
import { existingKeyOfPlan } from './existing.ts';
import { keyHere, targetOfAlias } from './find-key.ts';
import type { Instance, Plan } from './instances.ts';
import { partOf } from './joins.ts';
import { filledText } from './json-path.ts';
import {
  arnOfKey,
  flagAt,
  idOfKey,
  isKey,
  JUDGE_STATE,
  NOT_IN_PLAN,
  textOfCandidate,
} from './names.ts';
import { policySetBy } from './planned-policy.ts';
import { candidatesAt } from './references.ts';
import { worldPlaceOf, type PlanWorld } from './universe.ts';

/** The key with this ARN, or behind the alias with this ARN. `first` is the plan to look in first. */
export function keyOfPlan(arn: string, first: Plan, planWorld: PlanWorld): Key | Unknown {
  const keyArn = isAliasArn(arn) ? targetOfAlias(arn, first, planWorld) : arn;
  const key = keyArn === undefined ? undefined : keyHere(keyArn, first, planWorld);
  const kind = isAliasArn(arn) ? 'alias' : 'key';
  if (key !== undefined) return keyFrom(key, planWorld);
  const existing = existingKeyOfPlan(keyArn ?? arn, planWorld);
  const behindAlias =
    existing?.kind === 'key' ? keyHere(existing.arn, first, planWorld) : undefined;
  if (behindAlias !== undefined) return keyFrom(behindAlias, planWorld);
  return (
    existing ??
    unknown(`${kind} ${arn} is not in the given plans`, 'add the plan or state that has it')
  );
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key */
function keyFrom(key: Instance, planWorld: PlanWorld): Key {
  const { universe } = planWorld;
  const { madeUp } = universe;
  const label = universe.labelOf(key);
  madeUp.nameKey(arnOfKey(key, planWorld), label);
  const isReplica = key.type.startsWith('aws_kms_replica_');
  const isApart = key.type === 'aws_kms_replica_key' || key.type === 'aws_kms_key';
  const isEnabled = flagAt(key, key.type === 'aws_kms_key' ? 'is_enabled' : 'enabled', true);
  const primary = isReplica ? primaryOf(key) : undefined;
  const source = primary ?? key;
  const [usage, spec, store, external] = [
    'key_usage',
    source.values.key_spec === undefined ? 'customer_master_key_spec' : 'key_spec',
    'custom_key_store_id',
    'xks_key_id',
  ].map((name) => textAt(source, name, planWorld));
  const open = madeUp.openIn(`${usage} ${spec} ${store} ${external}`);
  const unclear = open
    ? unknown(`key ${label} depends on ${open.label}`, open.settledBy)
    : whyUnclear(`key ${label}`, key, { primary, isEnabled });
  return plannedKey(
    {
      id: idOfKey(key, universe),
      definedAs: label,
      isEnabled: isEnabled ?? true,
      ...{ usage, spec, isReplica },
      origin: originBy(isApart, store, external),
      isMultiRegion: isReplica || flagAt(key, 'multi_region', false) === true,
      unclear,
      policy: policyOfPlannedKey(key, planWorld),
    },
    worldPlaceOf(key, planWorld),
  );
}

/** A replica takes usage and spec from its primary key, unless the state has these. */
function whyUnclear(
  subject: string,
  { type, values }: Instance,
  {
    primary,
    isEnabled,
  }: { readonly primary: Instance | undefined; readonly isEnabled: boolean | undefined },
): Unknown | undefined {
  if (isEnabled === undefined) return unknown(`${subject} may be disabled`, NOT_IN_PLAN);
  const isAlone = type.startsWith('aws_kms_replica_') && primary === undefined;
  return isAlone && values.key_spec === undefined
    ? unknown(
        `${subject} is a replica of a key that the given plans lack`,
        'add the plan of the primary key',
      )
    : undefined;
}

function originBy(isOfKms: boolean, store: string | undefined, external: string | undefined) {
  if (!isOfKms) return 'EXTERNAL';
  if (external !== undefined) return 'EXTERNAL_KEY_STORE';
  return store === undefined ? undefined : 'AWS_CLOUDHSM';
}

function primaryOf(key: Instance): Instance | undefined {
  const [primary] = candidatesAt(key, ['primary_key_arn']);
  if (primary?.kind === 'attribute') return primary.instance;
  const arn = primary?.kind === 'value' ? filledText(primary.value) : undefined;
  return [...key.plan.instances.values()].find(
    (each) => arn !== undefined && isKey(each) && each.values.arn === arn,
  );
}

/** A text of a key; undefined for the default of the provider. */
function textAt(key: Instance, name: string, planWorld: PlanWorld): string | undefined {
  const value = key.values[name];
  if (value !== undefined) return filledText(value);
  const [first] = candidatesAt(key, [name]);
  if (first?.kind !== 'attribute' && first?.kind !== 'open') return undefined;
  return first.kind === 'open' && first.name === `${key.address}.${name}`
    ? undefined
    : textOfCandidate(first, planWorld);
}

/** A policy set apart wins over the key's own: it is put last. */
function policyOfPlannedKey(key: Instance, planWorld: PlanWorld) {
  const { universe } = planWorld;
  const subject = `policy of key ${universe.labelOf(key)}`;
  const joined = partOf(key, 'aws_kms_key_policy', universe);
  if (joined.kind === 'unclear')
    return unknown(`${subject} is not known: ${joined.why}`, JUDGE_STATE);
  return policySetBy(joined.kind === 'one' ? joined.part : key, subject, planWorld);
}
