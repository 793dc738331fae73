import { isUnknown, learned } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const usable: readonly string[] = ['Enabled', 'Updating'];

const mends = new Map([
  ['Disabled', 'enable it'],
  ['PendingDeletion', 'cancel its deletion and enable it'],
  ['PendingReplicaDeletion', 'cancel its deletion and enable it'],
  ['PendingImport', 'import its key material'],
  ['Unavailable', 'connect its custom key store'],
]);

/** A key that is disabled or about to be deleted encrypts nothing. */
export const keyState: Check<'key-state'> = {
  code: 'key-state',
  title: 'The key is not enabled',
  look({ key }) {
    const it = learned(key);
    if (it === undefined) return undefined;
    if (isUnknown(it.description)) return { outcome: 'unknown', message: it.description.why };
    const { state } = it.description;
    if (state === undefined)
      return {
        outcome: 'unknown',
        message: `state of key ${it.arn} is not in what was recorded: run with --live`,
      };
    if (usable.includes(state)) return undefined;
    const mend = mends.get(state) ?? 'wait until it is Enabled';
    return {
      outcome: 'blocked',
      message: `key ${it.arn} is ${state}: ${mend}, or use another key`,
    };
  },
};
