import * as v from 'valibot';
import { parseJson, printable } from '../../basics/text.ts';
import type { Exemption, ExemptionPattern } from '../../model/exemption.ts';

/** A message with the bad value, shortened: a message has little room. */
const isNo = (expected: string) => (issue: { readonly input: unknown }) =>
  `${JSON.stringify(issue.input).slice(0, 100)} is no ${expected}`;

const matching = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(isNo('text')), v.regex(pattern, isNo(expected)));

/** Text without control characters, safe in an annotation, a table or a log. */
const printableLine = v.pipe(
  v.string(isNo('text')),
  v.trim(),
  v.check((text) => printable(text) === text, 'has line breaks, control or formatting characters'),
);
const filledLine = v.pipe(printableLine, v.nonEmpty('is empty'));

/** An object with these fields and no other: a misspelt field must not make a pattern wider. */
const withoutOtherFields = <T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `is not known; known are ${Object.keys(entries).join(', ')}`;
    return expected === 'Object' ? 'is no object' : 'is missing';
  });

const isDay = (text: string): boolean => {
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text;
};

/** Wildcards for every flow log, bucket or key. */
const matchesAll = {
  flowLog: /^[*?]*f?[*?]*l?[*?]*-?[*?]*$/,
  bucket: /^[*?]+$/,
  key: /^arn:[^:]+:kms:[*?-]+:[*?]+:(key\/[*?-]+|\*)$/,
};

/** Whether the pattern leaves any flow log out. */
const isNarrow = ({ flowLog, bucket, key, account, tag }: ExemptionPattern): boolean =>
  account !== undefined ||
  tag !== undefined ||
  (flowLog !== undefined && !matchesAll.flowLog.test(flowLog)) ||
  (bucket !== undefined && !matchesAll.bucket.test(bucket)) ||
  (key !== undefined && !matchesAll.key.test(key));

const exemptionPattern = v.pipe(
  withoutOtherFields({
    flowLog: v.optional(
      matching(
        /^[\w*?.:/[\]"-]{1,512}$/,
        'flow log id, like fl-0123456789abcdef0 or fl-0*, nor a name in a template or plan',
      ),
    ),
    bucket: v.optional(matching(/^[\w.*?-]{1,255}$/, 'name of a bucket, like logs-1 or logs-*')),
    key: v.optional(
      matching(
        /^arn:[a-z*?-]{1,20}:kms:[a-z0-9*?-]{1,30}:[0-9*?]{1,12}:(key\/[\w*?-]{1,64}|\*)$/,
        'ARN of a key, like arn:aws:kms:us-east-1:111122223333:key/*',
      ),
    ),
    account: v.optional(matching(/^\d{12}$/, 'account id, which has 12 digits and no wildcards')),
    tag: v.optional(
      withoutOtherFields({
        name: v.pipe(filledLine, v.maxLength(128, 'has more than 128 characters')),
        value: v.pipe(printableLine, v.maxLength(256, 'has more than 256 characters')),
      }),
    ),
  }),
  v.check(
    (pattern) => isNarrow(pattern),
    'names every flow log: give one of flowLog, bucket, key, account, tag with more than wildcards',
  ),
);

const exemptionList = v.array(
  withoutOtherFields({
    pattern: exemptionPattern,
    reason: filledLine,
    owner: filledLine,
    expires: v.pipe(v.string(isNo('text')), v.check(isDay, isNo('day, like 2027-01-31'))),
  }),
  'is no list of exemptions',
);

/** More mistakes are only counted. */
const MAX_MISTAKES_IN_MESSAGE = 5;

/** Reads a list of exemptions. A mistake spoils the whole list: throws an Error with the entry and field of each mistake. */
export function readExemptions(text: string): readonly Exemption[] {
  const result = v.safeParse(exemptionList, parseJson(text));
  if (result.success) return result.output;
  const { issues } = result;
  const others = issues.length - MAX_MISTAKES_IN_MESSAGE;
  const mistakes = issues.slice(0, MAX_MISTAKES_IN_MESSAGE).map(mistakeText).join('; ');
  throw new Error(others > 0 ? `${mistakes} and ${others} more` : mistakes);
}

function mistakeText({ path, message }: v.InferIssue<typeof exemptionList>): string {
  const [index, ...fields] = path?.map(({ key }) => key) ?? [];
  if (index === undefined) return message;
  const field = fields.length === 0 ? '' : `, ${printable(fields.join('.')).slice(0, 100)}`;
  return `entry ${Number(index) + 1}${field}: ${message}`;
}
