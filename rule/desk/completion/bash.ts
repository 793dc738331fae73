import type { ToldCommand, ToldValues } from './told-command.ts';

/** A script for bash, which needs no package bash-completion and runs in bash 3. */
export function bash(program: string, commands: readonly ToldCommand[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  const first = [...commands.map((command) => command.name), '--help', '--version'].join(' ');
  return `# Completion of ${program} for bash: source <(${program} completion bash)
${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} option= count=0 at
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${first}' -- "$current"))
    return
  fi
  # bash splits --option=value into three words.
  [[ $current == = ]] && current=
  for ((at = 2; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      -?*) option=\${COMP_WORDS[at]} count=0 ;;
      =) ;;
      *) count=$((count + 1)) ;;
    esac
  done
  case \${COMP_WORDS[1]} in
${commands.map((command) => bashCase(command)).join('\n')}
  esac
}
${name}_values() {
  local kind=$1 many=$2 words=$3
  if ((count > 0)) && [[ $many != many ]]; then return 1; fi
  [[ $current == -?* ]] && return 1
  case $kind in
    words) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
    folders) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
  esac
  return 0
}
complete -F ${name} ${program}
`.replaceAll('VALUES', `${name}_values`);
}

function bashCase({ name, options, argument }: ToldCommand): string {
  const names = options.flatMap((option) => option.names).join(' ');
  const cases = options.flatMap((option) =>
    option.values === undefined
      ? []
      : [`        ${option.names.join('|')}) ${valuesCall(option.values)} && return ;;`],
  );
  const ofArgument =
    argument === undefined ? [] : [`        '') ${valuesCall(argument)} && return ;;`];
  return `    ${name})
      case $option in
${[...cases, ...ofArgument].join('\n')}
      esac
      COMPREPLY=($(compgen -W '${names}' -- "$current")) ;;`;
}

const valuesCall = ({ kind, areMany, words }: ToldValues): string =>
  `VALUES ${kind} ${areMany ? 'many' : 'one'} '${words.join(' ')}'`;
