import type { Command } from 'commander';
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { toldCommands, type ToldCommand } from './told-command.ts';
import { zsh } from './zsh.ts';

/** Writes a script from the name of a program and its commands. */
type ScriptWriter = (program: string, commands: readonly ToldCommand[]) => string;

const scriptWriters = { bash, zsh, fish } satisfies Readonly<Record<string, ScriptWriter>>;

/** The script with which a shell completes the command line of a program. */
export const completionScript = (program: Command, shell: keyof typeof scriptWriters): string =>
  scriptWriters[shell](program.name(), toldCommands(program));
