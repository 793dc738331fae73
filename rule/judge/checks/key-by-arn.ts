import { learned } from '../../model/facts.ts';
import { keyReferenceOf } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** A key that is not named by ARN is looked for in the account of whoever asks, and delivery asks from outside. */
export const keyByArn: Check<'key-by-arn'> = {
  code: 'key-by-arn',
  title: 'The bucket names its key by id or alias name; AWS asks for a key ARN',
  look({ bucket }) {
    const it = learned(bucket);
    const reference = keyReferenceOf(it);
    if (it === undefined || reference === undefined) return undefined;
    const mend = 'set the key ARN in its default encryption';
    if (reference.kind === 'alias-name')
      return {
        outcome: 'blocked',
        message: `bucket ${it.name} names its key ${reference.name}, which is looked up in the requester's account: ${mend}`,
      };
    if (reference.kind === 'key-id')
      return {
        outcome: 'unknown',
        message: `bucket ${it.name} names its key by id ${reference.id}, which AWS says can make it undeliverable: ${mend}`,
      };
    if (reference.kind === 'unreadable')
      return {
        outcome: 'unknown',
        message: `bucket ${it.name} names its key ${reference.text}, which is no key or alias ARN: ${mend}`,
      };
    return undefined;
  },
};
