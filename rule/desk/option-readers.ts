import { existsSync } from 'node:fs';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { errorText } from '../basics/text.ts';
import { FLOW_LOG_ID } from '../model/facts.ts';
import { splitList, wordIn } from '../model/parameter-values.ts';

/** Turns errors of a reader into commander's own error for bad usage. */
export const optionReader =
  <T>(read: (value: string) => T) =>
  (value: string): T => {
    try {
      return read(value);
    } catch (error) {
      throw new InvalidArgumentError(errorText(error));
    }
  };

/** Reads a list with commas or spaces between. Commander passes each argument, and the items of the arguments before. */
export const listReader =
  <T>(read: (item: string) => T) =>
  (text: string, before: readonly T[] | undefined): readonly T[] => {
    const items = optionReader((value) => splitList(value).map(unlessId(read)))(text);
    return [...new Set([...(before ?? []), ...items])];
  };

/** Refuses an id that a list before the ids took for one of its items. */
const unlessId =
  <T>(read: (item: string) => T) =>
  (item: string): T => {
    try {
      return read(item);
    } catch (error) {
      if (!FLOW_LOG_ID.test(item)) throw error;
      throw new Error(`"${item}" is an id: give ids before the options`, { cause: error });
    }
  };

/** The ids of flow logs, in one argument or several. */
export const idsArgument = (name: string, description: string): Argument =>
  new Argument(name, description).argParser(listReader(String));

/** Reads paths with commas between. A path may have commas and spaces of its own. */
export const pathsReader = (
  text: string,
  before: readonly string[] | undefined,
): readonly string[] => [...(before ?? []), ...optionReader(readPaths)(text)];

function readPaths(text: string): readonly string[] {
  const paths = text.includes(',') && !existsSync(text) ? text.split(',') : [text];
  if (paths.includes(''))
    throw new Error(`"${text}" names no file: give a path, or - for standard input`);
  const id = paths.find((path) => FLOW_LOG_ID.test(path) && !existsSync(path));
  if (id === undefined) return paths;
  throw new Error(`"${id}" is an id and no file: give ids before the options`);
}

/** An option with a fixed list of words. */
export const choice = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description)
    .choices(words)
    .argParser(optionReader((value) => wordIn(words, value)));

/** An option with several of a fixed list of words. */
export const choices = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description)
    .choices(words)
    .argParser(listReader((value) => wordIn(words, value)));
