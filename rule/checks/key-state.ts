import type { Check } from '../model/check.ts';
import { isUnknown, learned } from '../model/facts.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const usable: readonly string[] = ['Enabled', 'Updating'];

/** A key that is disabled or about to be deleted encrypts nothing. */
export const keyState: Check = {
  code: 'key-state',
  title: 'The key is not enabled',
  look({ key }) {
    const it = learned(key);
    if (it === undefined) return undefined;
    if (isUnknown(it.description)) return { outcome: 'unknown', message: it.description.unknown };
    const { state } = it.description;
    if (state === undefined)
      return {
        outcome: 'unknown',
        message: `state of key ${it.arn} is not in what was recorded: run with --live`,
      };
    if (usable.includes(state)) return undefined;
    const mend = state === 'PendingDeletion' ? 'cancel its deletion and enable it' : 'enable it';
    return {
      outcome: 'blocked',
      message: `key ${it.arn} is ${state}: ${mend}, or use another key`,
    };
  },
};
