import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../package.json';

/** The files of the npm package, as far as they are there: the unit tests run without bundles. */
function packed(): readonly string[] {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files } = { files: [] }] = JSON.parse(
    execFileSync('npm', pack, { encoding: 'utf8' }),
  ) as { readonly files: readonly { readonly path: string }[] }[];
  return files.map(({ path }) => path);
}

/** The links and pictures of a page that lead to files beside it. */
const linksIn = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)|src="([^"]+)"/gm)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((link) => !/^(https?:|mailto:|#)/.test(link))
    .map((link) => join(dirname(page), link.replace(/#.*/, '')));

describe('the npm package', () => {
  const files = packed();

  it('has every page and file that its pages link to', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    expect(pages).toContain('README.md');
    const dead = pages.flatMap((page) =>
      linksIn(page)
        .filter((link) => !files.some((file) => file === link || file.startsWith(`${link}/`)))
        .map((link) => `${page} links to ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('names its repository, by which npm shows these links', () => {
    expect(manifest.repository.url).toBe(`git+${manifest.homepage}.git`);
  });

  it('depends on nothing, and leaves CDK to whoever has an app', () => {
    expect(manifest).not.toHaveProperty('dependencies');
    const optional = Object.keys(manifest.peerDependencies).map((name) => [
      name,
      { optional: true },
    ]);
    expect(manifest.peerDependenciesMeta).toEqual(Object.fromEntries(optional));
  });

  it('has no tests, sources or maps', () => {
    expect(files.filter((file) => /^(test|rule|infra|bench|build)\/|\.map$/.test(file))).toEqual(
      [],
    );
  });
});
