import type { Command } from 'commander';
import { pathHint } from './bad-usage.ts';

/** Commander's error about bad usage as one sentence of ours: the value, then the next step. */
export function inOurVoice(text: string, command: Command): string {
  const [cause = '', suggested] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggested ?? '')?.[1];
  const sentence = causeInWords(cause, command);
  const help = `${fullName(command)} --help shows how`;
  if (near !== undefined) return `${sentence}: did you mean ${near}?`;
  return /: (give|did)\b/.test(sentence) ? sentence : `${sentence}; ${help}`;
}

/** The command with the names of its parents. */
const fullName = (command: Command): string =>
  [command.parent?.name(), command.name()].filter((name) => name !== undefined).join(' ');

function causeInWords(cause: string, command: Command): string {
  for (const [pattern, words] of phrases) {
    const found = pattern.exec(cause);
    if (found !== null) return words(found.slice(1), command);
  }
  return cause;
}

type Phrase = (parts: readonly string[], command: Command) => string;

/** Commander's phrases, and ours. */
const phrases: readonly (readonly [RegExp, Phrase])[] = [
  [/^unknown option '(.*)'$/, ([flag]) => `"${flag}" is not an option`],
  [
    /^unknown command '(.*)'$/,
    ([name = '']) => {
      const hint = pathHint(name);
      return `"${name}" is not a command${hint === undefined ? '' : `: give check ${hint}`}`;
    },
  ],
  [/^option '.*?([^ ,]+) <(.*)>' argument missing$/, ([flag, value]) => `${flag} needs <${value}>`],
  [
    /^option '.*?([^ ,]+) <.*>' argument '.*' is invalid\. (.*)$/s,
    ([flag, why]) => `${flag}: ${why}`,
  ],
  [/^command-argument value '.*' is invalid for argument '.*?'\. (.*)$/s, ([why = '']) => why],
  [/^missing required argument '(.*)'$/, ([name], command) => `${command.name()} needs <${name}>`],
  [
    /^too many arguments/,
    (_, command) => `${command.name()} does not take "${command.args.join(' ')}"`,
  ],
];
