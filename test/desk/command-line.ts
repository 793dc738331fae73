import { execFile } from 'node:child_process';
import { main } from '../../rule/desk/cli.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal, with a person in front of the command. */
export interface Terminal {
  readonly columns: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** CI services ask for colours; piped output has none all the same. */
const pipedEnv = {
  ...process.env,
  NO_COLOR: undefined,
  TERM: 'xterm',
  FORCE_COLOR: '1',
  CI: 'true',
  GITHUB_WORKSPACE: undefined,
};

/** Runs a script in a process of its own. A start takes half a second, so few rows do. */
export const runScript = (script: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    start(script, args, resolve);
  });

/** Runs a script in a process of its own, and closes the pipe before the script writes. */
export const runUnread = (script: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    start(script, args, resolve).stdout?.destroy();
  });

const start = (script: string, args: readonly string[], end: (ended: Ended) => void) =>
  execFile(process.execPath, [script, ...args], { env: pipedEnv }, (error, out, err) => {
    end({ code: error === null ? 0 : Number(error.code), out, err });
  });

/** Runs the command line in this process, with piped output. */
export const flowLogKey = (...args: readonly string[]): Promise<Ended> => runHere(args);

/** Runs the command line in this process, at a terminal. */
export const flowLogKeyAt = (terminal: Terminal, ...args: readonly string[]): Promise<Ended> =>
  runHere(args, terminal);

async function runHere(args: readonly string[], terminal?: Terminal): Promise<Ended> {
  const written = { out: '', err: '' };
  const writer = (stream: 'out' | 'err') => (text: string) => {
    written[stream] += text;
    return true;
  };
  // A piped stream has no `isTTY` at all.
  const isTTY = terminal === undefined ? undefined : true;
  const restore = replaceAll([
    [
      process,
      { env: { ...pipedEnv, ...(terminal && { FORCE_COLOR: undefined, ...terminal.env }) } },
    ],
    [process.stdin, { isTTY }],
    [process.stdout, { isTTY, columns: terminal?.columns, write: writer('out') }],
    [process.stderr, { isTTY, write: writer('err') }],
  ]);
  try {
    const code = await main(args);
    return { code, ...written };
  } finally {
    restore();
  }
}

/** Replaces properties of objects; the result puts all back as they were. */
function replaceAll(replacements: readonly (readonly [object, object])[]): () => void {
  const before = replacements.flatMap(([target, values]) =>
    Object.entries(values).map(([name, value]: [string, unknown]) => {
      const descriptor = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { value, configurable: true, writable: true });
      return { target, name, descriptor };
    }),
  );
  return () => {
    for (const { target, name, descriptor } of before)
      if (descriptor === undefined) Reflect.deleteProperty(target, name);
      else Object.defineProperty(target, name, descriptor);
  };
}
