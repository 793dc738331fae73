/** The door for people: the command line, with its commands, their reports and their exit codes. */
import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { errorText } from '../basics/text.ts';
import { checkCommand } from './check.ts';
import { completionCommand } from './completion/command.ts';
import { exitCodes } from './exit-code.ts';
import { explainCommand } from './explain.ts';
import { remedyCommand } from './remedy.ts';
import { statementCommand } from './statement.ts';
import { complain } from './terminal.ts';
import { inOurVoice } from './voice.ts';

/** Runs the command line; resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.fine;
  const end = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('flow-log-key')
    .description('Will AWS be able to write your VPC flow logs into their KMS-encrypted buckets?')
    .version(version);
  const commands = [
    checkCommand(end),
    explainCommand(end),
    remedyCommand(end),
    statementCommand(),
    completionCommand(program),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands])
    command.exitOverride().configureOutput({
      outputError: (text) => {
        complain(inOurVoice(text, command));
      },
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.fine : exitCodes.unreadable;
    complain(errorText(error));
    return exitCodes.unreadable;
  }
}
