import { unknownAs, type UnknownAs } from './compliance.ts';
import { kmsActions } from './kms.ts';
import { alsoChecks, type Question } from './question.ts';

/** Reads a list of KMS actions. Returns AWS's spelling. No S3 write goes without a data key, so its action is added. */
export function readActions(value: string): readonly string[] {
  return withDataKeyAction(splitList(value).map(readAction));
}

export const withDataKeyAction = (actions: readonly string[]): readonly string[] =>
  actions.includes(DATA_KEY_ACTION) ? actions : [DATA_KEY_ACTION, ...actions];

const DATA_KEY_ACTION = 'kms:GenerateDataKey';

/** Reads the name of a KMS action. */
export function readAction(name: string): string {
  const action = kmsActions.find((each) => each.toLowerCase() === name.toLowerCase());
  if (action !== undefined) return action;
  throw new Error(
    `"${name}" is not an action of KMS; give names like kms:Decrypt, without wildcards`,
  );
}

export const readAlsoCheck = (value: string): Question['alsoCheck'] =>
  splitList(value).map((name) => wordIn(alsoChecks, name));

export const readUnknownAs = (value: string): UnknownAs => wordIn(unknownAs, value);

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export function readOrganizationId(value: string): string {
  if (/^o-[a-z0-9]{10,32}$/.test(value)) return value;
  throw new Error(`"${value}" is not an organization id, which looks like o-a1b2c3d4e5`);
}

export function readAccountId(value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  throw new Error(`"${value}" is not an account id, which has 12 digits`);
}

export const readAccountIds = (value: string): readonly string[] =>
  splitList(value).map(readAccountId);

/** Reads the name of a role, with the path in front. The same name and path are used in every account. */
export function readRoleName(value: string): string {
  if (/^([\w+=,.@-]{1,64}\/){0,7}[\w+=,.@-]{1,64}$/.test(value)) return value;
  throw new Error(
    `"${value}" is not the name of a role; give the name without account, after the path if there is one, like security/reader`,
  );
}

export function readAggregatorName(value: string): string {
  if (/^[\w-]{1,256}$/.test(value)) return value;
  throw new Error(
    `"${value}" is not the name of a configuration aggregator: letters, digits, "-" and "_"`,
  );
}

/** Reads the name of an SSM parameter. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export function readSsmParameterName(value: string): string {
  if (/^([\w.-]+|(\/[\w.-]+){1,15})$/.test(value) && value.length <= 1000) return value;
  throw new Error(
    `"${value}" is not the name of an SSM parameter, which looks like /flow-log-key-rule/exemptions`,
  );
}

/** The word of a list. Throws an Error for a value that is none of these. */
export function wordIn<T extends string>(words: readonly T[], value: string): T {
  const found = words.find((each) => each === value);
  if (found !== undefined) return found;
  throw new Error(`"${value}" is not one of ${words.join(', ')}`);
}

/** Splits a value at commas and spaces, and drops repeated items. A value without an item is a mistake and throws. */
export function splitList(value: string): readonly string[] {
  const items = value.split(/[\s,]+/).filter((each) => each !== '');
  if (items.length === 0) throw new Error(`"${value}" names nothing`);
  return [...new Set(items)];
}
