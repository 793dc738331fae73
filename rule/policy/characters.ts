import type { Glob, Wildcard } from './glob.ts';

/** A single character (a code point), or a wildcard. */
export type Character = string | Wildcard;

export const charactersOf = (whole: Glob): readonly Character[] =>
  whole.flatMap((token): readonly Character[] =>
    typeof token === 'string' ? Array.from(token) : [token],
  );

export const accepts = (token: Character, character: string): boolean =>
  typeof token === 'string' ? token === character : token.colons || character !== ':';

export const repeats = (token: Character | undefined): boolean =>
  typeof token === 'object' && token.repeats;
