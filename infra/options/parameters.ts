import { readParameter, readParameters } from '../../rule/model/parameters.ts';
import type { Reader } from './readers.ts';

/** The options that become parameters of the rule, by their names there. */
const parameterNames = {
  requiredActions: 'RequiredActions',
  alsoCheck: 'AlsoCheck',
  unknownAs: 'UnknownAs',
  organizationId: 'OrganizationId',
  exemptions: 'Exemptions',
  readerRoleName: 'ReaderRoleName',
  ownerAccounts: 'OwnerAccounts',
  aggregator: 'Aggregator',
} as const;

type Name = keyof typeof parameterNames;

/** What was given of them. */
export type ParametersRead = Readonly<Partial<Record<Name, string>>>;

const entries = Object.entries(parameterNames) as readonly (readonly [Name, string])[];

/** Each is read as the evaluator will. */
export const parameterReaders = Object.fromEntries(
  entries.map(([option, name]): [Name, Reader<string>] => [
    option,
    (value) => {
      readParameter(name, value);
      return value;
    },
  ]),
) as Readonly<Record<Name, Reader<string>>>;

/** What all parameters of a rule may take together, as JSON. */
const LONGEST = 1024;

/** The rule's parameters as AWS Config wants them: strings, and none for what is left out. */
export function parametersOf(chosen: ParametersRead): Readonly<Record<string, string>> {
  const named = entries.flatMap(([option, name]) => {
    const value = chosen[option];
    return value === undefined ? [] : [[name, value] as const];
  });
  const parameters = Object.fromEntries(named);
  // As a whole: some need one another.
  readParameters(parameters);
  const length = JSON.stringify(parameters).length;
  if (length > LONGEST)
    throw new Error(
      `options ${Object.keys(parameterNames).join(', ')} take ${length} characters together, and AWS Config takes ${LONGEST} at most`,
    );
  return parameters;
}
