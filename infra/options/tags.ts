import { listOf, matching, type Reader, textOf } from './readers.ts';

/** The limits that all services have in common. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const MAX_TAGS = 50;
const TAG = /^[\p{L}\p{N} _.:/+@-]{1,128}=[\p{L}\p{N} _.:/=+@-]{1,256}$/u;

const tag = matching(
  TAG,
  'NAME=VALUE, at most 128 and 256 letters, digits, spaces and _.:/+@-, in the value = too',
);

/** Reads tags, also as an object. IAM takes names that differ only in case as one name. */
export const tagsOf: Reader<Readonly<Record<string, string>>> = (value) => {
  const given = typeof value === 'object' && !Array.isArray(value) ? inText(value) : value;
  const tags = listOf(
    tag,
    MAX_TAGS,
  )(given).map((each) => {
    const [name = ''] = each.split('=');
    if (/^aws:/i.test(name)) throw new Error(`"${name}": names that start with aws: belong to AWS`);
    return [name, each.slice(name.length + 1)] as const;
  });
  const names = tags.map(([name]) => name.toLowerCase());
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (repeated !== undefined)
    throw new Error(`two tags have the name "${repeated}", and case makes no difference to IAM`);
  return Object.fromEntries(tags);
};

/** Only the value of a tag may have `=`. */
const inText = (tags: object | null): readonly string[] =>
  Object.entries(tags ?? {}).map(([name, value]) => {
    if (name.includes('=')) throw new Error(`"${name}": the name of a tag has no =`);
    return `${name}=${typeof value === 'boolean' ? String(value) : textOf(value)}`;
  });
