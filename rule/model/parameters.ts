import { errorText } from '../basics/text.ts';
import { unknownAs, type UnknownAs } from './compliance.ts';
import { kmsActions } from './kms.ts';
import { AGGREGATOR_NAME } from './name-patterns.ts';
import { alsoChecks, defaultRequiredActions, type Question } from './question.ts';

/** What the parameters of the rule, or the options of the command line, ask for. */
export interface Parameters extends Omit<Question, 'now' | 'exemptions'> {
  readonly unknownAs: UnknownAs;
  /** The role that reads buckets and keys in other accounts. */
  readonly readerRoleName: string | undefined;
  /** The accounts to try, in order, for a bucket that cannot be read. */
  readonly ownerAccounts: readonly string[];
  /** The configuration aggregator that tells who owns a bucket. */
  readonly aggregator: string | undefined;
  /** The SSM parameter that has the exemptions. */
  readonly exemptionsIn: string | undefined;
}

/** A comma-separated list of KMS actions, in AWS's spelling. Throws for anything else. */
export function readActions(value: string): readonly string[] {
  return listOf(value).map((name) => {
    const action = kmsActions.find((each) => each.toLowerCase() === name.toLowerCase());
    if (action !== undefined) return action;
    throw new Error(
      `"${name}" is not an action of KMS; give names like kms:Decrypt, without wildcards`,
    );
  });
}

/** A comma-separated list of further checks. Throws for anything else. */
export const readAlsoCheck = (value: string): Parameters['alsoCheck'] =>
  listOf(value).map((name) => oneOf(alsoChecks, name));

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export function readOrganizationId(value: string): string {
  if (/^o-[a-z0-9]{10,32}$/.test(value)) return value;
  throw new Error(`"${value}" is not an organization id, which looks like o-a1b2c3d4e5`);
}

/** Twelve digits. Throws for anything else. */
export function readAccountId(value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  throw new Error(`"${value}" is not an account id, which has 12 digits`);
}

/** The name of a role, without a path: the same in every account. */
function readRoleName(value: string): string {
  if (/^[\w+=,.@-]{1,64}$/.test(value)) return value;
  throw new Error(`"${value}" is not the name of a role; give it without path and account`);
}

function readAggregator(value: string): string {
  if (AGGREGATOR_NAME.test(value)) return value;
  throw new Error(`"${value}" is not the name of a configuration aggregator`);
}

/** The name of an SSM parameter. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
function readParameterName(value: string): string {
  if (/^([\w.-]+|(\/[\w.-]+){1,15})$/.test(value) && value.length <= 1000) return value;
  throw new Error(
    `"${value}" is not the name of an SSM parameter, which looks like /flow-log-key-rule/exemptions`,
  );
}

const readers: Record<string, (value: string) => Partial<Parameters>> = {
  RequiredActions: (value) => ({ requiredActions: readActions(value) }),
  AlsoCheck: (value) => ({ alsoCheck: readAlsoCheck(value) }),
  UnknownAs: (value) => ({ unknownAs: oneOf(unknownAs, value.trim()) }),
  OrganizationId: (value) => ({ organizationId: readOrganizationId(value.trim()) }),
  ReaderRoleName: (value) => ({ readerRoleName: readRoleName(value.trim()) }),
  OwnerAccounts: (value) => ({ ownerAccounts: listOf(value).map(readAccountId) }),
  Aggregator: (value) => ({ aggregator: readAggregator(value.trim()) }),
  Exemptions: (value) => ({ exemptionsIn: readParameterName(value.trim()) }),
};

export const defaults: Parameters = {
  requiredActions: defaultRequiredActions,
  alsoCheck: [],
  organizationId: undefined,
  unknownAs: 'NON_COMPLIANT',
  readerRoleName: undefined,
  ownerAccounts: [],
  aggregator: undefined,
  exemptionsIn: undefined,
};

/** Reads the parameters of a Config rule. Throws an Error that names the parameter and its value. */
export function readParameters(raw: Readonly<Record<string, string>>): Parameters {
  const read = Object.entries(raw).map(([name, value]) => readParameter(name, value));
  const parameters = Object.assign({}, defaults, ...read) as Parameters;
  const { readerRoleName, ownerAccounts, aggregator } = parameters;
  if (readerRoleName === undefined && (ownerAccounts.length > 0 || aggregator !== undefined))
    throw new Error('rule parameters OwnerAccounts and Aggregator need ReaderRoleName');
  return parameters;
}

/** Reads one of them; an empty one says nothing. */
export function readParameter(name: string, value: string): Partial<Parameters> {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined)
    throw new Error(
      `rule parameter ${name}="${value}" is not known; known are ${Object.keys(readers).join(', ')}`,
    );
  if (value.trim() === '') return {};
  try {
    return reader(value);
  } catch (error) {
    const why = errorText(error);
    throw new Error(`rule parameter ${name}="${value}": ${why}`, { cause: error });
  }
}

function oneOf<T extends string>(values: readonly T[], value: string): T {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new Error(`"${value}" is not one of ${values.join(', ')}`);
}

/** Never empty: a list that says nothing is a mistake. */
function listOf(value: string): readonly string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new Error(`"${value}" names nothing`);
  return [...new Set(names)];
}
