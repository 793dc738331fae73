/** What went wrong, in one line: AWS's errors with their names, others as they are. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return text.replace(/\s+/g, ' ');
}

/** The text without what a terminal or a log would take for a command: control and formatting characters. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�');
