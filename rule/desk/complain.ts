import { printable } from '../basics/text.ts';

/** Says on standard error what went wrong, in one line. */
export const complain = (message: string): void => {
  process.stderr.write(`flow-log-key: ${printable(message)}\n`);
};
