import { boundedCache, cacheOf } from '../basics/memory.ts';
import { accountIn, regionIn } from '../model/arn.ts';
import {
  isUnknown,
  learned,
  type Facts,
  type Key,
  type PolicyDocument,
  type Unknown,
} from '../model/facts.ts';
import { keyReferenceOf } from '../model/key-reference.ts';

/** Key policies that somebody is about to put. */
export interface ProposedPolicies {
  /** The facts as they would be after the puts; the same object where no such key is on the way. */
  readonly applyTo: (facts: Facts) => Facts;
  readonly documents: readonly PolicyDocument[];
  /** The ARNs of keys that no flow log so far depends on. */
  readonly unmet: () => readonly string[];
}

/** Proposes key policies, by the ARN of the key. A key stays one object for all of its flow logs. */
export function proposedPolicies(policies: ReadonlyMap<string, PolicyDocument>): ProposedPolicies {
  const met = new Set<string>();
  const changedKey = cacheOf((key: Key): Key => ({
    ...key,
    policy: policies.get(key.arn) ?? key.policy,
  }));
  const unreadKeys = boundedCache<Key>(policies.size * 2);
  const keyAfter = (key: Facts['key'], arn: string): Facts['key'] => {
    const known = learned(key);
    if (known !== undefined) return changedKey(known);
    return isUnknown(key) ? unreadKeys(arn, () => changedKey(unreadKey(arn, key))) : key;
  };
  return {
    applyTo(facts) {
      const arn = keyArnIn(facts);
      if (arn === undefined || !policies.has(arn)) return facts;
      met.add(arn);
      return { ...facts, key: keyAfter(facts.key, arn) };
    },
    documents: [...policies.values()],
    unmet: () => [...policies.keys()].filter((arn) => !met.has(arn)),
  };
}

/** The ARN of the key, also of a key that cannot be read. */
function keyArnIn({ bucket, key }: Facts): string | undefined {
  const reference = keyReferenceOf(learned(bucket));
  return learned(key)?.arn ?? (reference?.kind === 'key-arn' ? reference.arn : undefined);
}

/** A key that cannot be read: a policy alone may block. */
const unreadKey = (arn: string, why: Unknown): Key => ({
  kind: 'key',
  arn,
  accountId: accountIn(arn),
  region: regionIn(arn),
  description: why,
  policy: why,
});
