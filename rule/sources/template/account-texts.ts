import type { StoredText } from '../../model/existing.ts';
import { unknown, type Unknown } from '../../model/facts.ts';
import { isTold } from '../planned/existing-facts.ts';
import { besideOf, type StackScope } from './scope.ts';

/** A text that an account keeps, by the words for the text and its name. */
interface WantedText {
  readonly kind: 'exported' | 'parameter';
  readonly name: string;
  /** In remarks, such as "export net:Bucket". */
  readonly label: string;
}

/**
 * The export or parameter of this name in the account and Region of the stack, or the step towards it. Asked only where
 * both are told, and the credentials are of this account: another account and Region have texts of their own. Undefined
 * where no account is asked, or has not answered yet.
 */
export function textInAccount(
  { kind, name, label }: WantedText,
  scope: StackScope,
): StoredText | Unknown | undefined {
  const { existing } = scope.deployment;
  if (existing === undefined || !isTold(name, besideOf(scope))) return undefined;
  const { account, region } = scope.stack.place;
  if (typeof account !== 'string' || typeof region !== 'string')
    return unknown('give --account and --region to have the account asked');
  if (account !== existing.accountId) return unknown(`use credentials of account ${account}`);
  const found = existing[kind](name, region);
  if (found?.kind === 'missing') return unknown(found.why, 'make it first');
  if (found?.kind === 'stored-text') scope.notes.stored.add(`${label} is taken as it is now`);
  return found;
}

/** Steps of which any settles an open value. */
export const stepsInWords = (steps: readonly (string | undefined)[]): string =>
  steps.filter((step) => step !== undefined).join(', or ');
