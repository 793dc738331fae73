import {
  type ParameterName,
  parameterNames,
  readParameter,
  readParameters,
} from '../../rule/model/parameters.ts';
import type { Reader } from './readers.ts';

/** An option that sets a parameter of the rule: the parameter's name with a small first letter. */
type ParameterOption = Uncapitalize<ParameterName>;

const optionOf = (name: ParameterName) =>
  `${name.charAt(0).toLowerCase()}${name.slice(1)}` as ParameterOption;

/** The values of the options that were set, as text. */
export type ParametersRead = Readonly<Partial<Record<ParameterOption, string>>>;

/** The rule's parameters for AWS Config, which takes strings. Parameters that are not set are left out. */
export type ConfigParameters = Readonly<Partial<Record<ParameterName, string>>>;

/** Checks each value as the evaluator does, and keeps the text. */
export const parameterReaders = Object.fromEntries(
  parameterNames.map((name): [ParameterOption, Reader<string>] => [
    optionOf(name),
    (value) => {
      readParameter(name, value);
      return value;
    },
  ]),
) as Readonly<Record<ParameterOption, Reader<string>>>;

/** The length that AWS Config takes for all parameters of a rule together, as JSON. */
const MAX_PARAMETERS_LENGTH = 1024;

/** Names the options as AWS Config does. Throws an Error if an option needs another, or all are too long together. */
export function parametersOf(options: ParametersRead): ConfigParameters {
  const entries = parameterNames.flatMap((name) => {
    const value = options[optionOf(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  const parameters = Object.fromEntries(entries);
  readParameters(parameters);
  const { length } = JSON.stringify(parameters);
  if (length > MAX_PARAMETERS_LENGTH)
    throw new Error(
      `options ${parameterNames.map(optionOf).join(', ')} take ${length} characters together, and AWS Config takes ${MAX_PARAMETERS_LENGTH} at most`,
    );
  return parameters;
}
