import type { AddressStep } from './address.ts';
import {
  keysMeant,
  openCandidate,
  someKnown,
  type PlanCandidate,
  type Following,
} from './candidate.ts';
import { blockOf, expressionsAt, instancesOf, type ModuleFrame } from './configuration.ts';
import type { Instance } from './instances.ts';
import { hasMark, isMarked, valueAt } from './json-path.ts';

/** Attributes that only AWS tells; other attributes follow their own expressions. */
const madeByAws: Readonly<Record<string, RegExp>> = {
  aws_s3_bucket: /^(arn|id|bucket)$/,
  aws_kms_key: /^(arn|id|key_id)$/,
  aws_kms_replica_key: /^(arn|id|key_id)$/,
  aws_kms_external_key: /^(arn|id)$/,
  aws_kms_replica_external_key: /^(arn|id|key_id)$/,
  aws_kms_alias: /^(arn|id|name)$/,
  aws_iam_policy_document: /^(json|minified_json)$/,
};

/** An attribute of a resource or data source. */
export function followResource(
  [type, named, ...attributes]: readonly AddressStep[],
  isData: boolean,
  { rest, following }: { readonly rest: readonly string[]; readonly following: Following },
): readonly PlanCandidate[] {
  const { frame } = following;
  const block = { isData, type: type?.name ?? '', name: named?.name ?? '' };
  const all = instancesOf(frame, block);
  const keys =
    named?.key !== undefined
      ? [named.key]
      : keysMeant(
          all.map(({ key }) => key),
          following,
        );
  const found = all.filter(({ key }) => keys.includes(key));
  if (found.length === 0) return [withoutInstance(block, frame)];
  const [attribute, ...members] = [...attributes.map(({ name }) => name), ...rest];
  return found.flatMap((each) => attributeOfInstance(each, attribute, { members, following }));
}

/** Nothing is meant where count or for_each makes no instance. */
function withoutInstance(
  { isData, type, name }: { isData: boolean; type: string; name: string },
  { plan, modules }: ModuleFrame,
): PlanCandidate {
  const isLeft = plan.deferred.some((each) => each.type === type && each.name === name);
  const text = `${modules.map((each) => `module.${each.name}.`).join('')}${isData ? 'data.' : ''}${type}.${name}`;
  if (isLeft) return openCandidate(`${text}, which is left to another plan`);
  return plan.isErrored
    ? openCandidate(`${text}, which the plan lacks: planning failed`)
    : someKnown;
}

function attributeOfInstance(
  instance: Instance,
  attribute: string | undefined,
  { members, following }: { readonly members: readonly string[]; readonly following: Following },
): readonly PlanCandidate[] {
  if (attribute === undefined) return [wholeInstance(instance)];
  const value = valueAt(instance.values, [attribute]);
  if (value !== undefined && !isMarked(instance.unknown, [attribute]))
    return [{ kind: 'value', value: valueAt(value, members) }];
  const { type, address } = instance;
  if (madeByAws[type]?.test(attribute)) return [{ kind: 'attribute', instance, attribute }];
  if (type === 'aws_kms_alias' && attribute === 'target_key_arn')
    return following.atPath(instance, ['target_key_id']).map(asArn);
  const argument = type.startsWith('aws_s3_bucket_') && attribute === 'id' ? 'bucket' : attribute;
  return expressionsAt(blockOf(instance)?.expressions, [argument]).length === 0
    ? [openCandidate(`${address}.${attribute}`)]
    : following.atPath(instance, [argument]);
}

/** An attribute that the reference does not name. */
function wholeInstance(instance: Instance): PlanCandidate {
  if (!hasMark(instance.unknown)) return someKnown;
  return madeByAws[instance.type] === undefined
    ? openCandidate(instance.address)
    : { kind: 'attribute', instance, attribute: undefined };
}

const asArn = (candidate: PlanCandidate): PlanCandidate =>
  candidate.kind === 'attribute' ? { ...candidate, attribute: 'arn' } : candidate;
