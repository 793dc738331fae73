import {
  type ParameterName,
  parameterNames,
  readParameter,
  readParameters,
} from '../../rule/model/parameters.ts';
import { type Reader, refuse, textOf } from './readers.ts';

/** An option for a parameter of the rule: the name of the parameter with a small first letter. */
type ParameterOption = Uncapitalize<ParameterName>;

const optionOf = (name: ParameterName) =>
  `${name.charAt(0).toLowerCase()}${name.slice(1)}` as ParameterOption;

/** The values of the options as text, as far as set. */
export type ParametersRead = Readonly<Partial<Record<ParameterOption, string>>>;

/** The rule's parameters for AWS Config, which takes strings. Empty parameters are left out. */
export type ConfigParameters = Readonly<Partial<Record<ParameterName, string>>>;

/** Checks each value as the evaluator does, and keeps the text. */
export const parameterReaders = Object.fromEntries(
  parameterNames.map((name): [ParameterOption, Reader<string>] => [
    optionOf(name),
    (value) => {
      const text = (Array.isArray(value) ? value.map(textOf).join(',') : textOf(value)).trim();
      if (text === '') throw new Error('nothing is named; leave it out for the default');
      readParameter(name, text);
      return text;
    },
  ]),
) as Readonly<Record<ParameterOption, Reader<string>>>;

/** AWS Config takes this length for all parameters of a rule together, as JSON. */
const MAX_PARAMETERS_LENGTH = 1024;

/** Names the options as AWS Config does. Throws an Error if an option needs another, or all are too long together. */
export function parametersOf(options: ParametersRead): ConfigParameters {
  const entries = parameterNames.flatMap((name) => {
    const value = options[optionOf(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  const parameters = Object.fromEntries(entries);
  for (const name of ['ownerAccounts', 'aggregator'] as const)
    if (options[name] !== undefined && options.readerRoleName === undefined)
      refuse(name, options[name], 'name the role to take in other accounts with readerRoleName');
  readParameters(parameters);
  const { length } = JSON.stringify(parameters);
  if (length > MAX_PARAMETERS_LENGTH)
    throw new Error(
      `options ${parameterNames.map(optionOf).join(', ')} take ${length} characters together, and AWS Config takes ${MAX_PARAMETERS_LENGTH} at most`,
    );
  return parameters;
}
