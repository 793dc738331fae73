import { isUnknown, learned } from '../../model/facts.ts';
import { unknownAnswer } from '../gap-in-words.ts';
import type { Check } from '../../model/verdict.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const usableStates: readonly string[] = ['Enabled', 'Updating'];

const nextSteps = new Map([
  ['Disabled', 'enable it'],
  ['PendingDeletion', 'cancel its deletion and enable it'],
  ['PendingReplicaDeletion', 'cancel its deletion and enable it'],
  ['PendingImport', 'import its key material'],
  ['Unavailable', 'connect its custom key store'],
]);

/** KMS encrypts nothing with a disabled key, nor with a key awaiting deletion. */
export const keyState: Check<'key-state'> = {
  code: 'key-state',
  title: 'The key is not enabled',
  look({ key }) {
    const knownKey = learned(key);
    if (knownKey === undefined) return undefined;
    const { arn, description } = knownKey;
    if (isUnknown(description)) return unknownAnswer(description, lookAtState);
    const { state } = description;
    if (state === undefined)
      return {
        outcome: 'unknown',
        what: `state of key ${arn} is not told`,
        next: lookAtState,
      };
    if (usableStates.includes(state)) return undefined;
    const next = nextSteps.get(state) ?? 'wait until it is Enabled';
    return {
      outcome: 'blocked',
      what: `key ${arn} is ${state}`,
      next: `${next}, or use another key`,
    };
  },
};

const lookAtState = 'look at the key in AWS KMS';
