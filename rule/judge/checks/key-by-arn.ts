import { learned } from '../../model/facts.ts';
import { keyReferenceOf } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** AWS resolves an id or alias name in the requester's account, and the delivery service asks from another account. */
export const keyByArn: Check<'key-by-arn'> = {
  code: 'key-by-arn',
  title: 'The bucket names its key by id or alias name; AWS asks for a key ARN',
  look({ bucket }) {
    const knownBucket = learned(bucket);
    const reference = keyReferenceOf(knownBucket);
    if (knownBucket === undefined || reference === undefined) return undefined;
    const named = `bucket ${knownBucket.name} names its key`;
    const next = 'set the key ARN in its default encryption';
    switch (reference.kind) {
      case 'alias-name':
        return {
          outcome: 'blocked',
          what: `${named} ${reference.name}, which is looked up in the requester's account`,
          next,
        };
      case 'key-id':
        return {
          outcome: 'unknown',
          what: `${named} by id ${reference.id}, which AWS says can make it undeliverable`,
          next,
        };
      case 'unreadable':
        return {
          outcome: 'unknown',
          what: `${named} ${reference.text}, which is no key or alias ARN`,
          next,
        };
      case 'none':
      case 'key-arn':
      case 'alias-arn':
        return undefined;
    }
  },
};
