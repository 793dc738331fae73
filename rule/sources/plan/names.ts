import { kmsArn } from '../../model/arn.ts';
import { oneOf } from '../planned/open-values.ts';
import { candidateName, openCandidate, type PlanCandidate } from './candidate.ts';
import { blockOf, expressionsAt, frameOf } from './configuration.ts';
import type { Instance } from './instances.ts';
import { isMarked, filledText } from './json-path.ts';
import { candidatesAt, knownValueOf } from './references.ts';
import { worldPlaceOf, type PlanWorld, type Universe } from './universe.ts';

/** The types of customer keys. A replica has the key id of its primary key. */
export const keyTypes = [
  'aws_kms_key',
  'aws_kms_external_key',
  'aws_kms_replica_key',
  'aws_kms_replica_external_key',
] as const;

export const isKey = ({ type }: Pick<Instance, 'type'>): boolean =>
  keyTypes.some((each) => each === type);

/** The name of a bucket; made up if the name is known after apply. */
export const nameOfBucket = (bucket: Instance, { madeUp, labelOf }: Universe): string =>
  filledText(bucket.values.bucket) ??
  filledText(bucket.values.id) ??
  madeUp.nameOf(labelOf(bucket));

export function idOfKey(key: Instance, universe: Universe): string {
  const { key_id: id, arn } = key.values;
  const isReplica = key.type.startsWith('aws_kms_replica_');
  const isMultiRegion = isReplica || flagAt(key, 'multi_region', false) === true;
  return (
    filledText(id) ??
    idInArn(arn) ??
    (isReplica ? idOfPrimary(key, universe) : undefined) ??
    universe.madeUp.keyId(universe.labelOf(key), isMultiRegion)
  );
}

const idInArn = (arn: unknown): string | undefined =>
  /^arn:[^:]*:kms:.*:key\/(.+)$/.exec(filledText(arn) ?? '')?.[1];

function idOfPrimary(replica: Instance, universe: Universe): string | undefined {
  const [primary, ...more] = candidatesAt(replica, ['primary_key_arn']);
  if (primary?.kind === 'value') return idInArn(primary.value);
  return primary?.kind === 'attribute' &&
    more.length === 0 &&
    primary.instance.type !== replica.type
    ? idOfKey(primary.instance, universe)
    : undefined;
}

/** A boolean of a resource; undefined if known after apply. `byDefault` counts if the configuration does not set a value. */
export function flagAt(instance: Instance, name: string, byDefault: boolean): boolean | undefined {
  const value = instance.values[name];
  if (typeof value === 'boolean' && !isMarked(instance.unknown, [name])) return value;
  if (value === null) return byDefault;
  const [expression] = expressionsAt(blockOf(instance)?.expressions, [name]);
  if (expression === undefined) return blockOf(instance) === undefined ? undefined : byDefault;
  const known = knownValueOf(expression, frameOf(instance));
  if (known === null) return byDefault;
  return typeof known === 'boolean' ? known : undefined;
}

export function arnOfKey(key: Instance, planWorld: PlanWorld): string {
  const known = filledText(key.values.arn);
  if (known !== undefined) return known;
  return kmsArn(worldPlaceOf(key, planWorld), `key/${idOfKey(key, planWorld.universe)}`);
}

/** The name of an alias, which begins with `alias/`. */
export const nameOfAlias = ({ values, ...alias }: Instance, universe: Universe): string =>
  filledText(values.name) ??
  `alias/${universe.madeUp.nameOf(universe.labelOf({ values, ...alias }))}`;

/** The text of a candidate. An attribute that no reference names is read as the given attribute. */
export function textOfCandidate(
  candidate: PlanCandidate,
  planWorld: PlanWorld,
  fallback = 'arn',
): string {
  const { universe } = planWorld;
  if (candidate.kind === 'value') return filledText(candidate.value) ?? '';
  if (candidate.kind === 'open') return universe.madeUp.open(candidate.name, NOT_IN_PLAN);
  const { instance, attribute = fallback } = candidate;
  const known = filledText(instance.values[attribute]);
  if (known !== undefined) return known;
  if (isKey(instance))
    return attribute === 'arn' ? arnOfKey(instance, planWorld) : idOfKey(instance, universe);
  const place = worldPlaceOf(instance, planWorld);
  if (instance.type === 'aws_kms_alias') {
    const name = nameOfAlias(instance, universe);
    return attribute === 'arn' ? kmsArn(place, name) : name;
  }
  const name = nameOfBucket(instance, universe);
  return attribute === 'arn' ? `arn:${place.partition}:s3:::${name}` : name;
}

export const NOT_IN_PLAN = 'a plan does not tell it, judge the state after apply';

/** The next step where a part of a plan is unclear, in messages. */
export const JUDGE_STATE = 'judge the state after apply';

/** Both ways in which a key may be named, where a reference does not name the attribute. */
export const withAttributes = (candidates: readonly PlanCandidate[]): readonly PlanCandidate[] =>
  candidates.flatMap((each): readonly PlanCandidate[] =>
    each.kind === 'attribute' && each.attribute === undefined
      ? [
          { ...each, attribute: 'arn' },
          { ...each, attribute: 'id' },
        ]
      : [each],
  );

/** The candidate that counts in this world. `subject` is like "key of bucket x". */
export function chosenIn(
  candidates: readonly PlanCandidate[],
  subject: string,
  { world }: PlanWorld,
): PlanCandidate {
  const name = `the choice of ${subject}`;
  const choice = { name, settledBy: NOT_IN_PLAN, labelOf: candidateName };
  return oneOf(candidates, choice, world) ?? openCandidate(subject);
}

/** The resource that is meant by a name: those of the own plan are tried first. */
export const oneNamed = (
  found: readonly Instance[],
  name: string,
  { universe: { labelOf }, world }: PlanWorld,
): Instance | undefined =>
  oneOf(
    found,
    {
      name: `the choice between ${found.map(labelOf).join(' and ')}, all named ${name}`,
      settledBy: 'judge these apart',
      labelOf,
    },
    world,
  );
