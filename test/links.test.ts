import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { HOMEPAGE } from '../rule/model/check-page.ts';

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...filesIn('docs', '.md'),
  ...filesIn('examples', '.md'),
].sort();

/** The lines of a page without code: neither blocks with a fence, nor indented lines. */
const proseOf = (text: string): readonly string[] =>
  text
    .replace(/^```[^]*?^```$/gm, '')
    .split('\n')
    .filter((line) => !line.startsWith('    '));

/** The anchors that GitHub gives the headings of a page: a heading that comes again gets a number. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return proseOf(readFileSync(page, 'utf8'))
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) => {
      const words = line.replace(/^#+ /, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const anchor = words
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return times === 0 ? anchor : `${anchor}-${times}`;
    });
}

const textOf = (page: string): string =>
  proseOf(readFileSync(page, 'utf8'))
    .join('\n')
    .replace(/`[^`\n]*`/g, '');

/** The targets of all links and images of a page. */
const linksOf = (page: string): readonly string[] =>
  textOf(page)
    .split(/\]\(|^\[[^\]]+\]: /m)
    .slice(1)
    .map((rest) => /^[^)\s]*/.exec(rest)?.[0] ?? '');

/** The file of the repository that a link names, with its anchor; undefined for other sites. */
function fileOf(page: string, link: string): { file: string; anchor: string } | undefined {
  const [path = '', anchor = ''] = link.split('#');
  const [, ours] = /^\/(?:blob|raw|tree)\/main\/(.*)$/.exec(path.replace(HOMEPAGE, '')) ?? [];
  if (ours !== undefined && path.startsWith(HOMEPAGE)) return { file: ours, anchor };
  if (/^[a-z]+:/.test(path)) return undefined;
  return { file: path === '' ? page : normalize(join(dirname(page), path)), anchor };
}

const brokenIn = (page: string): readonly string[] =>
  linksOf(page).filter((link) => {
    const found = fileOf(page, link);
    if (found === undefined) return false;
    if (!existsSync(found.file)) return true;
    return (
      found.anchor !== '' &&
      !(statSync(found.file).isFile() && anchorsOf(found.file).includes(found.anchor))
    );
  });

/** Links by a name that the page does not define. */
const undefinedIn = (page: string): readonly string[] => {
  const text = textOf(page);
  const names = [...text.matchAll(/\]\[([^\]]+)\]/g)].map(([, name = '']) => name);
  return names.filter((name) => !text.includes(`\n[${name}]: `));
};

describe('the links of a page', () => {
  it.each(pages)('%s lead to files and headings', (page) => {
    expect([...brokenIn(page), ...undefinedIn(page)]).toEqual([]);
  });
});

describe('the code', () => {
  const sources = ['rule', 'infra', 'build', 'bench', 'test'].flatMap((folder) =>
    ['.ts', '.js'].flatMap((ending) => filesIn(folder, ending)),
  );

  it('names pages that exist', () => {
    const named = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bdocs\/[\w/-]+\.md/g)].map(([page]) => page),
    );
    expect([...new Set(named)].filter((page) => !existsSync(page))).toEqual([]);
  });

  it('has an answer on call for each alarm', () => {
    const alarms = sources
      .filter((file) => file.startsWith('infra'))
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\.ring\('(\w+)'/g)])
      .map(([, name = '']) => name.toLowerCase());
    expect(alarms.length).toBeGreaterThan(10);
    expect(anchorsOf('docs/on-call.md')).toEqual(expect.arrayContaining(alarms));
  });
});

it('the deploying person needs actions for each type of the templates', () => {
  const { regionsWithout } = JSON.parse(readFileSync('infra/regions.json', 'utf8')) as {
    regionsWithout: Readonly<Record<string, unknown>>;
  };
  const rows = readFileSync('docs/security.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `AWS::'))
    .map((line) => line.split('|')[1] ?? '');
  const named = rows.flatMap((row) => row.match(/AWS::\w+::\w+/g) ?? []);
  expect([...named].sort()).toEqual(Object.keys(regionsWithout).sort());
});
