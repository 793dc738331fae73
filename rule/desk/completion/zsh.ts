import type { ToldCommand, ToldOption, ToldValues } from './told-command.ts';

/** A script for zsh: a file of fpath, or for `source`. */
export function zsh(program: string, commands: readonly ToldCommand[]): string {
  const names = commands.map(
    ({ name, description }) => `    ${quotedForZsh(`${name}:${escapedForZsh(description)}`)}`,
  );
  return `#compdef ${program}
# Completion of ${program} for zsh: write this to a file _${program} in a folder of fpath.
_${program}() {
  local line state
  local -a commands
  commands=(
${names.join('\n')}
  )
  _arguments -C '--help[show help]' '--version[show the version]' '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${commands.map(zshCase).join('\n')}
      esac ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

const zshCase = ({ name, options, argument }: ToldCommand): string => {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...(argument === undefined
      ? []
      : [`${argument.areMany ? '*' : '1'}:${argument.name}:${zshAction(argument)}`]),
  ];
  return `        ${name}) _arguments \\
${specs.map((spec) => `          ${quotedForZsh(spec)}`).join(' \\\n')} ;;`;
};

const optionSpecs = ({ names, description, values }: ToldOption): readonly string[] =>
  names.map((name) => {
    const text = `${name}[${escapedForZsh(description)}]`;
    if (values === undefined) return text;
    const value = `${values.name}:${zshAction(values)}`;
    return values.areMany ? `*${text}:*-*:${value}` : `${text}:${value}`;
  });

const zshAction = ({ kind, words }: ToldValues): string =>
  ({ words: `(${words.join(' ')})`, files: '_files', folders: '_files -/', any: ' ' })[kind];

/** Colons and brackets are signs of zsh. */
const escapedForZsh = (text: string): string => text.replace(/[:[\]\\]/g, '\\$&');

const quotedForZsh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
