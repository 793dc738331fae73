import { createHash } from 'node:crypto';

/** Words for a made-up value. */
interface Meaning {
  /** The words in reports, such as `LogKey` or `AWS::AccountId`. */
  readonly label: string;
  /** The step that settles an open value; undefined for something that the deployment makes. */
  readonly settledBy?: string;
  /** True if the value may be a list or an object as well as a text. */
  readonly isAnything?: boolean;
}

/**
 * Makes up values that only a deployment knows: each is equal to itself and to nothing in the input. The same label gets
 * the same value.
 */
export interface MadeUp {
  readonly account: (label: string, id: string) => string;
  readonly region: (label: string, id: string) => string;
  /** A key id, in the form of a multi-Region key if `isMultiRegion`. */
  readonly keyId: (label: string, isMultiRegion: boolean) => string;
  /** Gives a key ARN a label: a replica shares the key id of its primary key. */
  readonly nameKey: (arn: string, label: string) => void;
  /** The name of a bucket or anything else: without slash, colon or space. */
  readonly nameOf: (label: string) => string;
  /** A text in the place of an open value, such as a parameter. */
  readonly open: (label: string, settledBy: string) => string;
  /** A text in the place of an open list, object or text, such as the value of a function. */
  readonly anything: (label: string, settledBy: string) => string;
  /** The first open value in a text. */
  readonly openIn: (text: string) => Required<Meaning> | undefined;
  /** The label of a made-up value. */
  readonly labelOf: (value: string) => string | undefined;
  /** Gives a label to a value of the input that no report may show. */
  readonly conceal: (secret: string, label: string) => void;
  /** All values that were made up until now: no report may show one. */
  readonly all: () => readonly string[];
  /** Replaces made-up values by their labels, also where a message cuts a value off. */
  readonly inWords: (text: string) => string;
}

const MADE_KEY_ID = 'mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEY_ARN = new RegExp(`arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/(${MADE_KEY_ID})`, 'g');

/** Values for an input with this text: no value occurs in the text. */
export function makeMadeUp(input: string): MadeUp {
  const meanings = new Map<string, Meaning>();
  const values = new Map<string, string>();
  const secrets = new Map<string, string>();
  const mark = marks.find((each) => !input.includes(each)) ?? 'zqzq';
  const anyValue = new RegExp(`(${mark}\\d+${mark})(-\\1)*|\\b\\d{12}\\b|${MADE_KEY_ID}`, 'g');
  const anyName = new RegExp(`${mark}\\d+${mark}`, 'g');

  function make(id: string, meaning: Meaning, valueOf: (number: number) => string): string {
    const value = values.get(id) ?? valueOf(values.size + 1);
    // A later look may know a better step.
    meanings.set(value, meaning);
    values.set(id, value);
    return value;
  }

  const nameOf = (number: number): string => `${mark}${number}${mark}`;
  const accountOf = (number: number): string => {
    const account = String(990_000_000_000 + number);
    return input.includes(account) ? accountOf(number + 1000) : account;
  };

  const labelAt = (
    value: string,
    ...[, , offset, text]: readonly [string, string, number, string]
  ) => {
    const label = meanings.get(value)?.label.replace(anyValue, labelAt);
    if (label === undefined) return value;
    return isInArn(text, offset) ? `\${${label}}` : label;
  };
  const isCutOff = (text: string): boolean =>
    [...meanings.keys()].some((value) => value.startsWith(text));

  return {
    account: (label, id) => make(`account ${id}`, { label }, accountOf),
    region(label, id) {
      const part = make(`part ${id}`, { label: `a part of ${label}` }, nameOf);
      return make(`region ${id}`, { label }, () => `${part}-${part}-${part}`);
    },
    keyId: (label, isMultiRegion) =>
      make(`key ${isMultiRegion} ${label}`, { label }, () => keyIdOf(label, isMultiRegion)),
    nameKey: (arn, label) => void meanings.set(arn, { label }),
    nameOf: (label) => make(`name ${label}`, { label }, nameOf),
    open: (label, settledBy) => make(`open ${label}`, { label, settledBy }, nameOf),
    anything: (label, settledBy) =>
      make(`open ${label}`, { label, settledBy, isAnything: true }, nameOf),
    labelOf: (value) => meanings.get(value)?.label,
    conceal: (secret, label) => void secrets.set(secret, label),
    all: () => [...values.values()],
    openIn(text) {
      for (const [value] of text.matchAll(anyName)) {
        const { label = '', settledBy, isAnything = false } = meanings.get(value) ?? {};
        if (settledBy !== undefined) return { label, settledBy, isAnything };
      }
      return undefined;
    },
    inWords: (text) =>
      withoutSecrets(text, secrets)
        .replace(
          KEY_ARN,
          (arn, id: string) => (meanings.get(arn) ?? meanings.get(id))?.label ?? arn,
        )
        .replace(anyValue, labelAt)
        .replace(/[0-9a-z-]{3,}(?=…)/g, (end) => (isCutOff(end) ? '' : end)),
  };
}

/** The longest secret first: another may lie inside. */
const withoutSecrets = (text: string, secrets: ReadonlyMap<string, string>): string =>
  [...secrets]
    .sort(([a], [b]) => b.length - a.length)
    .reduce((rest, [secret, label]) => rest.replaceAll(secret, `(${label})`), text);

/** Letters that names hardly ever hold; the first pair that the input lacks is taken. */
const marks = ['zq', 'qz', 'xq', 'qx', 'vq', 'qv'];

const isInArn = (text: string, offset: number): boolean =>
  /\barn:[^\s"]*$/.test(text.slice(Math.max(0, offset - 200), offset));

function keyIdOf(text: string, isMultiRegion: boolean): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32);
  if (isMultiRegion) return `mrk-${hex}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
