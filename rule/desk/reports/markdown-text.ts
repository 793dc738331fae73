import { printable } from '../../basics/text.ts';

/** A name of others as code: nothing in the name is markup. Empty for an empty name. */
export function code(name: string): string {
  const text = printable(name);
  if (text.trim() === '') return '';
  const fence = fenceAround(text, 1);
  const pad = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Lines as a block of code, in a language for the colours. */
export function codeBlock(text: string, language: string): string {
  const lines = text.trimEnd().split('\n').map(printable).join('\n');
  const fence = fenceAround(lines, 3);
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** More backticks than the text has in a row. */
const fenceAround = (text: string, min: number): string =>
  '`'.repeat(Math.max(min, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));

/**
 * A message with names of others: nothing in the message is markup, a link or a mention. Names between backticks become
 * code.
 */
export const prose = (message: string): string =>
  printable(message)
    .split(/(`[^`]+`)/)
    .map((part, nth) => (nth % 2 === 1 ? part : plain(part)))
    .join('');

/** An invisible space ends an address, a mention or a reference before GitHub makes a link of the text. */
const plain = (text: string): string =>
  text.replace(/[\\`*_~[\]<>|&$]/g, '\\$&').replace(/[@#]|:(?=\/\/)|\bwww(?=\.)/g, '$&&#8203;');
