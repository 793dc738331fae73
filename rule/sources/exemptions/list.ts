import * as v from 'valibot';
import type { Exemption, ExemptionPattern } from '../../model/exemption.ts';
import { parseJson, printable } from '../../basics/text.ts';

/** What is wrong with a value, which is shown as far as a message should. */
const isNo = (what: string) => (issue: { readonly input: unknown }) =>
  `${JSON.stringify(issue.input).slice(0, 100)} is no ${what}`;

const like = (pattern: RegExp, what: string) =>
  v.pipe(v.string(isNo('text')), v.regex(pattern, isNo(what)));

/** Text that shows as it is wherever it is told: in an annotation, a table or a log. */
const line = v.pipe(
  v.string(isNo('text')),
  v.trim(),
  v.check((text) => printable(text) === text, 'has line breaks, control or formatting characters'),
);
const words = v.pipe(line, v.nonEmpty('is empty'));

/** An object with these fields and no other: a field with a typo in its name must not make a pattern wider. */
const only = <T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `is not known; known are ${Object.keys(entries).join(', ')}`;
    return expected === 'Object' ? 'is no object' : 'is missing';
  });

const isDay = (text: string): boolean => {
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text;
};

/** What names no flow log in particular. */
const everything = {
  flowLog: /^[*?]*f?[*?]*l?[*?]*-?[*?]*$/,
  bucket: /^[*?]+$/,
  key: /^arn:[^:]+:kms:[*?-]+:[*?]+:(key\/[*?-]+|\*)$/,
};

/** Whether it names something in particular. */
const narrows = ({ flowLog, bucket, key, account, tag }: ExemptionPattern): boolean =>
  account !== undefined ||
  tag !== undefined ||
  (flowLog !== undefined && !everything.flowLog.test(flowLog)) ||
  (bucket !== undefined && !everything.bucket.test(bucket)) ||
  (key !== undefined && !everything.key.test(key));

const pattern = v.pipe(
  only({
    flowLog: v.optional(like(/^[\w*?-]{1,64}$/, 'flow log id, like fl-0123456789abcdef0 or fl-0*')),
    bucket: v.optional(like(/^[\w.*?-]{1,255}$/, 'name of a bucket, like logs-1 or logs-*')),
    key: v.optional(
      like(
        /^arn:[a-z*?-]{1,20}:kms:[a-z0-9*?-]{1,30}:[0-9*?]{1,12}:(key\/[\w*?-]{1,64}|\*)$/,
        'ARN of a key, like arn:aws:kms:us-east-1:111122223333:key/*',
      ),
    ),
    account: v.optional(like(/^\d{12}$/, 'account id, which has 12 digits and no wildcards')),
    tag: v.optional(
      only({
        name: v.pipe(words, v.maxLength(128, 'has more than 128 characters')),
        value: v.pipe(line, v.maxLength(256, 'has more than 256 characters')),
      }),
    ),
  }),
  v.check(
    (given) => narrows(given),
    'names every flow log: give one of flowLog, bucket, key, account, tag with more than wildcards',
  ),
);

const list = v.array(
  only({
    pattern,
    reason: words,
    owner: words,
    expires: v.pipe(v.string(isNo('text')), v.check(isDay, isNo('day, like 2027-01-31'))),
  }),
  'is no list of exemptions',
);

/** How many mistakes a message tells. */
const MOST = 5;

/** Reads a list of exemptions. Throws an Error that names the entry and the field; a list with a mistake has none. */
export function readExemptions(text: string): readonly Exemption[] {
  const read = v.safeParse(list, parseJson(text));
  if (read.success) return read.output;
  const { issues } = read;
  const more = issues.length > MOST ? ` and ${issues.length - MOST} more` : '';
  const told = issues.slice(0, MOST).map(({ path = [], message }) => {
    const [index, ...fields] = path.map(({ key }) => key);
    if (index === undefined) return message;
    const field = fields.length === 0 ? '' : `, ${printable(fields.join('.')).slice(0, 100)}`;
    return `entry ${Number(index) + 1}${field}: ${message}`;
  });
  throw new Error(`${told.join('; ')}${more}`);
}
