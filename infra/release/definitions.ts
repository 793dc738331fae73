import { kmsActions } from '../../rule/model/kms.ts';
import type { JsonObject } from './json.ts';

/** A parameter whose text follows a pattern, or is empty. */
export const text = (Description: string, pattern: string, more: JsonObject = {}): JsonObject => ({
  Type: 'String',
  Default: '',
  AllowedPattern: `^(|${pattern})$`,
  Description,
  ...more,
});

export const oneOf = (
  Description: string,
  AllowedValues: readonly string[],
  Default = AllowedValues[0] ?? '',
): JsonObject => ({ Type: 'String', Default, AllowedValues, Description });

/** A whole number as text: CloudFormation takes 2.5 for a number. */
export const whole = (Description: string, Default: number, pattern: string): JsonObject => ({
  Type: 'String',
  Default,
  AllowedPattern: `^(${pattern})$`,
  Description,
});

export const flag = (Description: string): JsonObject => oneOf(Description, ['false', 'true']);

/** At most this many items with commas and without spaces. */
export const list = (item: string, max: number): string => `(${item}(,(?!$)|$)){1,${max}}`;

export const PARTITION = 'arn:aws[a-z-]*';
export const ACCOUNT = '\\d{12}';
export const KEY = `${PARTITION}:kms:[a-z0-9-]+:${ACCOUNT}:key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})`;
export const APPROVER = `${PARTITION}:(iam::${ACCOUNT}:(user|role)|sts::${ACCOUNT}:assumed-role)/[\\w+=.@/-]+`;
export const ORGANIZATION = 'o-[a-z0-9]{10,32}';
export const ACTION = `kms:(${kmsActions.map((each) => each.replace('kms:', '')).join('|')})`;
export const TOPIC = `${PARTITION}:sns:[a-z0-9-]+:${ACCOUNT}:`;
