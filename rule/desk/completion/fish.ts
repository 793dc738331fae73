import type { ToldCommand, ToldOption, ToldValues } from './told-command.ts';

/** A script for fish. */
export function fish(program: string, commands: readonly ToldCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  const lines = commands.flatMap(({ name, description, options, argument }) => {
    const within = condition(`__fish_seen_subcommand_from ${name}`);
    return [
      `${condition(none)} -a ${name} -d ${quotedForFish(description)}`,
      ...(argument?.kind === 'words'
        ? [`${within} -a ${quotedForFish(argument.words.join(' '))}`]
        : []),
      ...options.map((option) => within + optionPart(option)),
    ];
  });
  return `# Completion of ${program} for fish: write this to ~/.config/fish/completions/${program}.fish
complete -c ${program} -f
${condition(none)} -l version -d 'show the version'
${condition(none)} -l help -d 'show help'
${lines.join('\n')}
`.replaceAll('PROGRAM', program);
}

const condition = (test: string): string => `complete -c PROGRAM -n ${quotedForFish(test)}`;

const optionPart = ({ names, description, values }: ToldOption): string =>
  `${names.map((name) => ` -l ${name.replace(/^--/, '')}`).join('')}${valuesPart(values)} -d ${quotedForFish(description)}`;

function valuesPart(values: ToldValues | undefined): string {
  if (values === undefined) return '';
  const { kind, words } = values;
  return {
    words: ` -x -a ${quotedForFish(words.join(' '))}`,
    files: ' -r -F',
    folders: " -x -a '(__fish_complete_directories)'",
    any: ' -x',
  }[kind];
}

const quotedForFish = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
