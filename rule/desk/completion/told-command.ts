import type { Argument, Command, Option } from 'commander';
import { knownRegions } from '../../model/region.ts';

/** A command, as far as a shell completes it. */
export interface ToldCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly ToldOption[];
  /** The values of the arguments; undefined for a command without arguments. */
  readonly argument: ToldValues | undefined;
}

export interface ToldOption {
  /** With the dashes. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined for an option without a value. */
  readonly values: ToldValues | undefined;
}

export interface ToldValues {
  readonly kind: 'words' | 'files' | 'folders' | 'any';
  /** The name of a value in the help. */
  readonly name: string;
  /** The known values of the kind `words`. */
  readonly words: readonly string[];
  readonly areMany: boolean;
}

/** The commands of a program, without `help`. */
export const toldCommands = (program: Command): readonly ToldCommand[] =>
  program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [...command.options.map(toldOption), helpOption],
    argument: command.registeredArguments.map(toldValues)[0],
  }));

const helpOption: ToldOption = { names: ['--help'], description: 'show help', values: undefined };

const toldOption = (option: Option): ToldOption => ({
  names: [option.short, option.long].filter((name) => name !== undefined),
  description: option.description,
  values: option.required || option.optional ? toldValues(option) : undefined,
});

function toldValues(told: Option | Argument): ToldValues {
  const name = 'flags' in told ? (/<([a-z=]+)/.exec(told.flags)?.[1] ?? '') : told.name();
  const words = told.argChoices ?? (name === 'region' ? knownRegions : []);
  const kind = words.length > 0 ? 'words' : (kindsByName.get(name) ?? 'any');
  return { kind, name, words, areMany: told.variadic };
}

/** The kinds of values, by the name of the value in the help. */
const kindsByName: ReadonlyMap<string, ToldValues['kind']> = new Map([
  ['file', 'files'],
  ['path', 'files'],
  ['folder', 'folders'],
]);
