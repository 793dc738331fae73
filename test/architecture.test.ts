import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';
import { importsIn, ownFiles } from './import-graph.ts';

/** The rooms of `rule/`, and the rooms each may import besides itself: see docs/architecture.md. */
const imports: Record<string, readonly string[]> = {
  desk: ['mend', 'remedy', 'judge', 'sources', 'model', 'policy', 'basics'],
  synth: ['remedy', 'judge', 'sources', 'model', 'policy', 'basics'],
  gate: ['remedy', 'judge', 'sources', 'model', 'policy', 'basics'],
  ripple: ['sources', 'model', 'policy', 'basics'],
  mend: ['remedy', 'judge', 'sources', 'model', 'policy', 'basics'],
  evaluate: ['remedy', 'judge', 'sources', 'model', 'policy', 'basics'],
  remedy: ['judge', 'model', 'policy', 'basics'],
  judge: ['model', 'policy', 'basics'],
  sources: ['model', 'policy', 'basics'],
  model: ['policy', 'basics'],
  policy: ['basics'],
  basics: [],
};

/** The rooms inside `sources/`, in the same way. */
const importsOfSources: Record<string, readonly string[]> = {
  across: ['aggregator', 'aws'],
  aggregator: ['recorded', 'aws'],
  exemptions: ['aws'],
  template: ['planned'],
  plan: ['planned'],
  planned: [],
  recorded: [],
  aws: [],
};

const files = readdirSync('rule', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `rule/${name}`)
  .sort();

/** The folder below `rule/` that a file is in. */
const roomOf = (file: string): string => file.split('/')[1] ?? '';

/** The folder below `rule/sources/` that a file is in; undefined for files of other rooms. */
const sourceRoomOf = (file: string): string | undefined =>
  roomOf(file) === 'sources' ? file.split('/')[2] : undefined;

/** The files of `rule/` that each file imports, at once or on demand. */
const importsOf = new Map(files.map((file) => [file, ownFiles(file, importsIn(file))]));

describe('the rooms of rule/', () => {
  it('are all in the table', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(imports).sort());
    const rooms = new Set(files.map(sourceRoomOf).filter((room) => room !== undefined));
    expect([...rooms].sort()).toEqual(Object.keys(importsOfSources).sort());
  });

  it('hold every file: none lies loose in rule/ or rule/sources/', () => {
    expect(
      files.filter((file) => !existsSync(dirname(file)) || /^rule\/(sources\/)?[^/]+$/.test(file)),
    ).toEqual([]);
  });

  it.each(files)('%s imports only rooms further down', (file) => {
    const mayImport = imports[roomOf(file)] ?? [];
    const others = (importsOf.get(file) ?? []).filter((each) => roomOf(each) !== roomOf(file));
    expect(others.filter((each) => !mayImport.includes(roomOf(each)))).toEqual([]);
  });

  it.each(files.filter((file) => sourceRoomOf(file) !== undefined))(
    '%s imports only sources further down',
    (file) => {
      const room = sourceRoomOf(file) ?? '';
      const others = (importsOf.get(file) ?? []).flatMap((each) => sourceRoomOf(each) ?? []);
      const mayImport = [room, ...(importsOfSources[room] ?? [])];
      expect(others.filter((each) => !mayImport.includes(each))).toEqual([]);
    },
  );

  it.each(files)('%s is on no circle of imports', (file) => {
    expect(pathFrom(file, file)).toBeUndefined();
  });

  it.each(files.filter((file) => /\/(handler|cli)\.ts$/.test(file)))(
    '%s is a door: no file of rule/ imports it',
    (door) => {
      expect(files.filter((file) => importsOf.get(file)?.includes(door))).toEqual([]);
    },
  );
});

/** Names of top-level declarations that several doors share. */
const sharedByDoors = ['environment', 'handler', 'logger'];

describe('the files of rule/', () => {
  it('declare each top-level name once: two declarations are two ideas, or one in the wrong place', () => {
    const filesByName = new Map<string, string[]>();
    for (const file of files)
      for (const name of new Set(topLevelNames(file)))
        filesByName.set(name, [...(filesByName.get(name) ?? []), file]);
    const repeated = [...filesByName].filter(([, found]) => found.length > 1);
    expect(repeated.filter(([name]) => !sharedByDoors.includes(name))).toEqual([]);
  });

  it('have 150 lines at most, as those of infra/', () => {
    const infra = readdirSync('infra', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `infra/${name}`);
    const long = [...files, ...infra].filter(
      (file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > 150,
    );
    expect(long).toEqual([]);
  });
});

function topLevelNames(file: string): readonly string[] {
  const { statements } = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
  );
  return statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [name.text] : [],
      );
    const declares =
      ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement);
    return declares && statement.name ? [statement.name.text] : [];
  });
}

/** A way along imports from one file to another, of at least one step; undefined where there is none. */
function pathFrom(start: string, end: string): readonly string[] | undefined {
  const waiting = [[start]];
  const seen = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop())
    for (const next of importsOf.get(path.at(-1) ?? '') ?? []) {
      if (next === end) return [...path, next];
      if (!seen.has(next)) waiting.push([...path, next]);
      seen.add(next);
    }
  return undefined;
}

describe('the policy reader', () => {
  it.each(files.filter((file) => roomOf(file) === 'policy'))(
    '%s knows nothing of flow logs, I/O or packages',
    (file) => {
      const text = readFileSync(file, 'utf8');
      const outside = [...text.matchAll(/from '([^.][^']*)'/g)].map((match) => match[1]);
      expect(outside.filter((each) => each !== 'node:net')).toEqual([]);
      expect(text).not.toMatch(/flow.?log|kms:/i);
    },
  );
});
