import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { noticesOf, notPermissive } from '../build/licences.js';

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

describe('the notices beside a bundle', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notices-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const moduleOf = (name: string, license: string, files: Readonly<Record<string, string>>) => {
    const home = join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(home, file), text);
    return join(home, 'index.js');
  };
  const sections = (modules: readonly string[]) =>
    noticesOf(modules)
      .split(`\n${'-'.repeat(80)}\n\n`)
      .slice(1);

  it('have the text of each licence and of each notice', () => {
    const modules = [
      moduleOf('one', 'MIT', { LICENSE: 'Copyright One' }),
      moduleOf('two', 'Apache-2.0', { 'LICENSE.txt': 'Apache', NOTICE: 'Written by Two' }),
    ];
    expect(sections(modules)).toEqual([
      'one 1.0.0 (MIT)\n\nCopyright One\n',
      'two 1.0.0 (Apache-2.0)\n\nApache\n\nWritten by Two\n',
    ]);
  });

  it('have one copy of a text that packages share', () => {
    const files = { 'license.md': 'Copyright Both' };
    expect(sections([moduleOf('one', 'MIT', files), moduleOf('two', 'MIT', files)])).toEqual([
      'one 1.0.0 (MIT)\ntwo 1.0.0 (MIT)\n\nCopyright Both\n',
    ]);
  });

  it('have the text of Apache-2.0 for a package that leaves the text out', () => {
    expect(sections([moduleOf('one', 'Apache-2.0', {})])).toEqual([
      expect.stringMatching(/^one 1\.0\.0 \(Apache-2\.0\)\n\nApache License\n/),
    ]);
  });

  it('are not made where a licence asks for a text that is not there', () => {
    expect(() => noticesOf([moduleOf('one', 'MIT', {})])).toThrow(
      'one has no text of its licence MIT',
    );
    expect(sections([moduleOf('two', 'MIT-0', {})])).toEqual([
      'two 1.0.0 (MIT-0)\n\nMIT-0 asks for no copy of its text.\n',
    ]);
  });
});
