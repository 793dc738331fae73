import { fold } from './fold.ts';

/** Lays JSON out in lines of at most this width. A value breaks only where a line is too short; texts of a list share lines. */
export function layOutJson(value: unknown, width: number, before = ''): readonly string[] {
  const flat = before + JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (flat.length <= width || typeof value !== 'object' || value === null) return [flat];
  if (isListOfTexts(value)) {
    const texts = value.map((text) => JSON.stringify(text)).join(', ');
    return [`${before}[`, ...fold(texts, width - 2).map((line) => `  ${line}`), ']'];
  }
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(([name, member]: [string, unknown], index, all) => {
    const lines = layOutJson(member, width - 3, isList ? '' : `${JSON.stringify(name)}: `);
    const isLast = index === all.length - 1;
    return lines.map((line, at) => `  ${line}${at === lines.length - 1 && !isLast ? ',' : ''}`);
  });
  const [first, last] = isList ? ['[', ']'] : ['{', '}'];
  return [`${before}${first}`, ...members.flat(), last];
}

const isListOfTexts = (value: object): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
