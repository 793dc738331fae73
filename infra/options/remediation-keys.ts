import { KEY_ARN, listOf, matching, type Reader, reference } from './readers.ts';

/** The keys with policies for the mender to write. */
export type RemediationKeys =
  | { readonly kind: 'arns'; readonly arns: readonly string[] }
  | { readonly kind: 'tag'; readonly name: string; readonly value: string }
  | { readonly kind: 'every' };

/** The policy of a role holds this many ARNs beside the rest; more keys can be named by a tag. */
const MAX_KEY_ARNS = 75;

const keyArn = reference(
  KEY_ARN,
  'the ARN of a key, like arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab, without wildcards; or tag:NAME=VALUE; or * for every key of the account',
);

/** The tag of the keys to mend. */
interface Tag {
  readonly name: string;
  readonly value: string;
}

const tagPart = (most: number): Reader<string> =>
  matching(new RegExp(`^[\\p{L}\\p{N} _.:/=+@-]{1,${most}}$`, 'u'), 'one tag, as tag:NAME=VALUE');

const tagged = ({ name, value }: Tag): RemediationKeys => ({
  kind: 'tag',
  name: tagPart(128)(name),
  value: tagPart(256)(value),
});

/** In text, a name ends at the first `=`. */
export const remediationKeys: Reader<RemediationKeys> = (value) => {
  if (value === '*' || value === 'every') return { kind: 'every' };
  if (isTag(value)) return tagged(value);
  const tag = typeof value === 'string' ? /^tag:([^=]*)=?(.*)$/.exec(value) : null;
  if (tag !== null) return tagged({ name: tag[1] ?? '', value: tag[2] ?? '' });
  return { kind: 'arns', arns: listOf(keyArn, MAX_KEY_ARNS)(value) };
};

const isTag = (value: unknown): value is Tag =>
  typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
