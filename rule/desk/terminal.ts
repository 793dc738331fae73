import pc from 'picocolors';
import { printable } from '../basics/text.ts';
import { problemLine, type Problem } from '../model/problem.ts';

/** The width of a report where no terminal has one. */
const PIPED_COLUMNS = 100;

/** The width below which a report is no longer readable. */
const MIN_COLUMNS = 60;

/** Writes one line about a failure or a remark to standard error. */
export const complain = (message: string): void => {
  process.stderr.write(`flow-log-key: ${printable(message)}\n`);
};

/** Writes a line about each problem to standard error. */
export function complainOf(problems: readonly Problem[]): void {
  for (const problem of problems) complain(problemLine(problem));
}

/** Writes lines to standard output, without control characters: a terminal would obey commands. */
export const print = (text: string): void => {
  process.stdout.write(`${text.split('\n').map(printable).join('\n')}\n`);
};

/** Writes a line to standard error, for a person at a terminal only. */
export const notify = (text: string): void => {
  if (isTerminal(process.stderr)) process.stderr.write(`${text}\n`);
};

/** One line of standard error for progress: each text replaces the last. Silent with --quiet, or without a terminal. */
export function progressLine({ quiet = false }: { readonly quiet?: boolean }) {
  const replace = (text: string): void => {
    if (obeysEscapes(process.stderr) && !quiet) process.stderr.write(`\r\u001b[K${text}`);
  };
  return {
    show: replace,
    clear: (): void => {
      replace('');
    },
  };
}

/** True where a person can answer a question. */
export const canAnswer = (): boolean => isTerminal(process.stdin);

/** Asks a question on standard error. Anything but a yes is a no. */
export async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

/** The width and the colours of a report. Files, pipes and dumb terminals get no colours, and NO_COLOR turns colours off. */
export function reportStyle({ output }: { readonly output?: string }) {
  const colors = output === undefined && obeysEscapes(process.stdout) && !process.env.NO_COLOR;
  const columns = isTerminal(process.stdout) ? process.stdout.columns : PIPED_COLUMNS;
  return { width: Math.max(MIN_COLUMNS, columns), paint: pc.createColors(colors) };
}

/** A terminal that knows colours and the erasing of a line. */
const obeysEscapes = (stream: TerminalOrPipe): boolean =>
  isTerminal(stream) && process.env.TERM !== 'dumb';

/** A piped stream has no `isTTY` at all. */
const isTerminal = ({ isTTY = false }: TerminalOrPipe): boolean => isTTY;

interface TerminalOrPipe {
  readonly isTTY?: boolean;
}
