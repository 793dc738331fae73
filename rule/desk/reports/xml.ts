import { printable } from '../../basics/text.ts';

/** Attributes by name; null and undefined are left out. */
export type XmlAttributes = Readonly<Record<string, string | number | null | undefined>>;

/** A tag without its brackets: the name, then the attributes. */
export const tag = (name: string, attributes: XmlAttributes): string =>
  Object.entries(attributes).reduce(
    (text, [key, value]) =>
      value === null || value === undefined ? text : `${text} ${key}="${xmlText(String(value))}"`,
    name,
  );

/** A line of text. XML has no form for unprintable characters. */
export const xmlText = (line: string): string =>
  printable(line).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
