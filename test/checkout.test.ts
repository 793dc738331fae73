import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isBundled, noteSources, sourcesIn } from '../build/sources.js';

/** A file whose `main` prints the file's name. */
const printing = (name: string): string =>
  `export const main = async () => { console.log('${name}'); return 0; };\n`;

const bundle = 'dist/desk/index.js';
/** A file of the bundle that the first file loads on demand. */
const later = 'dist/desk/later.js';
const sources = 'dist/desk/sources.bin';

describe('the command runs', () => {
  let root: string;
  const at = (path: string): string => join(root, path);
  const build = (): void => {
    writeFileSync(at(bundle), printing('bundle'));
    writeFileSync(at(later), printing('later'));
    noteSources(root, sourcesIn(root) ?? Buffer.of());
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'checkout-'));
    for (const folder of ['bin', 'build']) cpSync(folder, at(folder), { recursive: true });
    for (const folder of ['rule/desk', 'dist/desk']) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('package.json'), '{"type":"module"}');
    for (const file of ['package-lock.json', 'tsconfig.json']) writeFileSync(at(file), '{}');
    writeFileSync(at('rule/desk/cli.ts'), printing('sources'));
    writeFileSync(at('rule/desk/other.ts'), '');
    symlinkSync(resolve('node_modules'), at('node_modules'));
    build();
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const append = (path: string): void => {
    appendFileSync(at(path), '\n');
  };
  const remove = (path: string): void => {
    rmSync(at(path), { recursive: true });
  };

  const run = (): Promise<string> =>
    new Promise((done) => {
      execFile(process.execPath, [at('bin/flow-log-key.js')], (_, stdout, stderr) => {
        done(stdout.trim() + stderr);
      });
    });

  it.each<[string, string, () => void]>([
    ['a bundle of the sources at hand', 'bundle', () => undefined],
    [
      'the bundle of a package',
      'bundle',
      () => {
        ['rule', 'build'].forEach(remove);
      },
    ],
    [
      'the sources, without a bundle',
      'sources',
      () => {
        remove('dist');
      },
    ],
    [
      'the sources, after an edit',
      'sources',
      () => {
        append('rule/desk/cli.ts');
      },
    ],
  ])('%s', async (_, expected, change) => {
    change();
    expect(await run()).toBe(expected);
  });

  it.each<[string, () => void]>([
    [
      'without a stamp',
      () => {
        writeFileSync(at(bundle), printing('bundle'));
      },
    ],
    [
      'cut short',
      () => {
        truncateSync(at(bundle), 100);
      },
    ],
    [
      'without a file',
      () => {
        remove(later);
      },
    ],
    [
      'with a file that is cut short',
      () => {
        truncateSync(at(later), 10);
      },
    ],
    [
      'with an empty file',
      () => {
        truncateSync(at(later), 0);
      },
    ],
    [
      'with a file of another build',
      () => {
        const old = readFileSync(at(later));
        append('rule/desk/cli.ts');
        build();
        writeFileSync(at(later), old);
      },
    ],
    [
      'without its sources',
      () => {
        remove(sources);
      },
    ],
    [
      'with half of its sources',
      () => {
        truncateSync(at(sources), 100);
      },
    ],
    [
      'with sources that name no build',
      () => {
        writeFileSync(at(sources), sourcesIn(root) ?? '');
      },
    ],
    [
      'with empty sources',
      () => {
        truncateSync(at(sources), 0);
      },
    ],
    [
      'with the sources of another build',
      () => {
        writeFileSync(
          at(sources),
          Buffer.concat([sourcesIn(root) ?? Buffer.of(), Buffer.from('\n//# another build\n')]),
        );
      },
    ],
    [
      'older than a move of text to the next file',
      () => {
        writeFileSync(at('rule/desk/cli.ts'), '');
        writeFileSync(at('rule/desk/other.ts'), printing('sources'));
      },
    ],
    [
      'older than a file',
      () => {
        append('rule/desk/new.ts');
      },
    ],
    [
      'older than the name of a file',
      () => {
        renameSync(at('rule/desk/other.ts'), at('rule/desk/new.ts'));
      },
    ],
    [
      'older than a deletion',
      () => {
        remove('rule/desk/other.ts');
      },
    ],
    [
      'older than the versions of libraries',
      () => {
        append('package-lock.json');
      },
    ],
    [
      'older than the version of the package',
      () => {
        append('package.json');
      },
    ],
    [
      'older than a link',
      () => {
        symlinkSync(at('bin/flow-log-key.js'), at('rule/desk/new.ts'));
      },
    ],
    [
      'older than an edit behind a link',
      () => {
        remove('rule/desk/other.ts');
        renameSync(at('rule/desk'), at('elsewhere'));
        symlinkSync(at('elsewhere'), at('rule/desk'));
        build();
        append('elsewhere/cli.ts');
      },
    ],
    [
      'older than other line ends',
      () => {
        writeFileSync(at('rule/desk/cli.ts'), printing('sources').replaceAll('\n', '\r\n'));
      },
    ],
    [
      'that is a folder',
      () => {
        remove(bundle);
        mkdirSync(at(bundle));
      },
    ],
    [
      'older than the rules of the compiler',
      () => {
        append('tsconfig.json');
      },
    ],
    [
      'older than an edit of the build',
      () => {
        append('build/bundle.js');
      },
    ],
  ])('no bundle %s', (_, change) => {
    expect(isBundled(root)).toBe(true);
    change();
    expect(isBundled(root)).toBe(false);
  });
});
