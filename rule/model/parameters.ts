import { errorText } from '../basics/text.ts';
import {
  readAccountIds,
  readActions,
  readAggregatorName,
  readAlsoCheck,
  readOrganizationId,
  readRoleName,
  readSsmParameterName,
  readUnknownAs,
} from './parameter-values.ts';
import { defaultRequiredActions } from './question.ts';

interface RuleParameter<Property extends string, Value, Default extends Value | undefined> {
  /** The name of the value in the code. */
  readonly property: Property;
  /** Throws an Error for a bad value. */
  readonly read: (value: string) => Value;
  /** The value if the parameter is empty or left out. */
  readonly default: Default;
  /** The words of docs/deploy.md. */
  readonly meaning: string;
}

/** One entry of the table. The compiler compares the default with the reader. */
const entry = <P extends string, V, const D extends V | undefined>(
  parameter: RuleParameter<P, V, D>,
) => parameter;

/**
 * The parameters of the Config rule, by their names in AWS Config. The options of infra/ and the conformance pack
 * follow from this table, in this order.
 */
export const ruleParameters = {
  RequiredActions: entry({
    property: 'requiredActions',
    read: readActions,
    default: defaultRequiredActions,
    meaning: 'actions the key policy must allow; `kms:GenerateDataKey` is always among them',
  }),
  AlsoCheck: entry({
    property: 'alsoCheck',
    read: readAlsoCheck,
    default: [],
    meaning: '`bucket-policy`: doubt about the bucket policy counts too; `customer-key`',
  }),
  UnknownAs: entry({
    property: 'unknownAs',
    read: readUnknownAs,
    default: 'NON_COMPLIANT',
    meaning: 'or `NOT_APPLICABLE`',
  }),
  OrganizationId: entry({
    property: 'organizationId',
    read: readOrganizationId,
    default: undefined,
    meaning: 'settles `aws:SourceOrgID` conditions; if empty, AWS Organizations is asked',
  }),
  Exemptions: entry({
    property: 'exemptionsParameter',
    read: readSsmParameterName,
    default: undefined,
    meaning: 'name of an SSM parameter of this account and Region with exempt flow logs',
  }),
  ReaderRoleName: entry({
    property: 'readerRoleName',
    read: readRoleName,
    default: undefined,
    meaning: 'role to take in the accounts that own buckets and keys',
  }),
  OwnerAccounts: entry({
    property: 'ownerAccounts',
    read: readAccountIds,
    default: [],
    meaning: 'accounts to try, in order, for a bucket that cannot be read',
  }),
  Aggregator: entry({
    property: 'aggregator',
    read: readAggregatorName,
    default: undefined,
    meaning: 'configuration aggregator that names the owner of a bucket',
  }),
} as const;

type Table = typeof ruleParameters;
export type ParameterName = keyof Table;

/** The values of the rule's parameters, by their properties. */
export type Parameters = {
  readonly [N in ParameterName as Table[N]['property']]:
    ReturnType<Table[N]['read']> | Extract<Table[N]['default'], undefined>;
};

export const parameterNames = Object.keys(ruleParameters) as readonly ParameterName[];

/** The parameters of a rule that sets none. */
export const defaults = Object.fromEntries<unknown>(
  Object.values(ruleParameters).map((each) => [each.property, each.default]),
) as Parameters;

/** Reads the parameters of a Config rule. Throws an Error with the name and the value of a bad parameter. */
export function readParameters(raw: Readonly<Record<string, string>>): Parameters {
  const read = Object.entries(raw).map(([name, value]) => readParameter(name, value));
  const parameters = Object.assign({}, defaults, ...read) as Parameters;
  const { readerRoleName, ownerAccounts, aggregator } = parameters;
  if (readerRoleName === undefined && (ownerAccounts.length > 0 || aggregator !== undefined))
    throw new Error('rule parameters OwnerAccounts and Aggregator need ReaderRoleName');
  return parameters;
}

/** Reads one parameter. An empty value means "not set". */
export function readParameter(name: string, value: string): Partial<Parameters> {
  if (!isParameterName(name))
    throw new Error(
      `rule parameter ${name}="${value}" is not known; known are ${parameterNames.join(', ')}`,
    );
  if (value.trim() === '') return {};
  const { property, read } = ruleParameters[name];
  try {
    return { [property]: read(value.trim()) };
  } catch (error) {
    const why = errorText(error);
    throw new Error(`rule parameter ${name}="${value}": ${why}`, { cause: error });
  }
}

const isParameterName = (name: string): name is ParameterName =>
  Object.hasOwn(ruleParameters, name);
