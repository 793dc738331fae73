import { Argument, Command } from 'commander';
import { optionReader } from '../option-readers.ts';
import { wordIn } from '../../model/parameter-values.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `flow-log-key completion`: writes a script that completes the commands and options of a program. */
export const completionCommand = (program: Command): Command =>
  new Command('completion')
    .description('write the script with which a shell completes commands, options and values')
    .addArgument(
      new Argument('<shell>', 'the shell')
        .choices(shells)
        .argParser(optionReader((value) => wordIn(shells, value))),
    )
    .addHelpText('after', completionExamples)
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScript } = await import('./script.ts');
      process.stdout.write(completionScript(program, shell));
    });

const completionExamples = `
Examples:
  source <(flow-log-key completion bash)                                         for this session; or in ~/.bashrc
  flow-log-key completion zsh > "\${fpath[1]}/_flow-log-key"                      then begin a new session
  flow-log-key completion fish > ~/.config/fish/completions/flow-log-key.fish
`;
