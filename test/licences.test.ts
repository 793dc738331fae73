import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { notPermissive } from '../build/licences.js';

describe('a package in the bundle', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const moduleOf = (license: unknown): string => {
    const home = join(folder, 'node_modules', 'it');
    mkdirSync(join(home, 'dist'), { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'it', license }));
    // Says what kind of modules these are, and is no package of its own.
    writeFileSync(join(home, 'dist', 'package.json'), '{"type":"module"}');
    return join(home, 'dist', 'index.js');
  };

  it.each([
    ['may be under Apache-2.0', 'Apache-2.0', []],
    ['may be under MIT', 'MIT', []],
    ['may not be under the AGPL', 'AGPL-3.0-only', ['it: "AGPL-3.0-only"']],
    ['may not be under the GPL', 'GPL-2.0', ['it: "GPL-2.0"']],
    ['may not be without a licence', undefined, ['it: undefined']],
  ])('%s', (_, license, expected) => {
    expect(notPermissive([moduleOf(license)])).toEqual(expected);
  });

  it('is judged by its own licence, and our own files by none', () => {
    expect(
      notPermissive([resolve('rule/evaluate/handler.ts'), resolve('node_modules/p-map/index.js')]),
    ).toEqual([]);
  });
});
