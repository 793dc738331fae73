import type { StoredText } from '../../model/existing.ts';
import { unknown, type Unknown } from '../../model/facts.ts';
import { isTold } from '../planned/existing-facts.ts';
import { madeFrom, mayBe, type MadeResource } from './resources.ts';
import {
  areSame,
  besideOf,
  placeOf,
  resolvedText,
  withoutCircle,
  type StackScope,
} from './scope.ts';

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
 * where no account is asked, or has not answered yet. A parameter that a template sets is not as it is now.
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
  const setter = kind === 'parameter' ? setterOf(name, scope) : undefined;
  if (setter !== undefined) return unknown(`deploy ${setter.label} first, which sets it`);
  const found = existing[kind](name, region);
  if (found?.kind === 'missing') return unknown(found.why, 'make it first');
  if (found?.kind === 'stored-text') scope.notes.stored.add(`${label} is taken as it is now`);
  return found;
}

/**
 * The resource that sets a parameter of Systems Manager in the place of the stack. Its name may depend on such a parameter
 * too, which is then taken as it is now.
 */
function setterOf(name: string, scope: StackScope): MadeResource | undefined {
  const { inProgress } = scope.notes;
  const { accountId, region } = placeOf(scope);
  const sets = (made: MadeResource): boolean => {
    const place = placeOf(made.scope);
    const isHere = place.accountId === accountId && place.region === region;
    return isHere && areSame(resolvedText(made.properties.Name, made.scope) ?? '', name, scope);
  };
  const find = (): MadeResource | undefined =>
    (scope.deployment.byType.get('AWS::SSM::Parameter') ?? [])
      .filter(({ resource, stack }) => mayBe(resource.properties.Name, name, { ...scope, stack }))
      .flatMap((located) => madeFrom(located, scope))
      .find(sets);
  return inProgress.has(SETTER) ? undefined : withoutCircle(inProgress, SETTER, find);
}

const SETTER = 'setter of a parameter';

/** Steps of which any settles an open value. */
export const stepsInWords = (steps: readonly (string | undefined)[]): string =>
  steps.filter((step) => step !== undefined).join(', or ');
