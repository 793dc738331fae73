import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What each part may import, beside itself where it is a folder; `types` are imports that leave no trace at run time. */
const allowed: Record<string, readonly string[]> = {
  cli: ['commands', 'model'],
  commands: [
    'survey',
    'causes',
    'mend',
    'change',
    'remedy',
    'own-statement',
    'delivery',
    'parameters',
    'reach',
    'tools',
    'reports',
    'sources',
    'model',
  ],
  handler: [
    'evaluate',
    'detail',
    'member',
    'survey',
    'until',
    'parameters',
    'sources',
    'sinks',
    'model',
  ],
  member: ['parameters', 'sources', 'model'],
  evaluate: ['survey', 'until', 'parameters', 'sources', 'sinks', 'model'],
  detail: ['evaluate', 'remedy', 'parameters', 'sources', 'sinks', 'model'],
  remediate: [
    'mend',
    'take-back',
    'change',
    'remedy',
    'own-statement',
    'parameters',
    'reach',
    'tools',
    'reports',
    'sources',
    'model',
  ],
  tools: ['mend', 'reach', 'survey', 'sources', 'sinks', 'model'],
  reach: ['sources', 'model'],
  ripple: ['coalesce', 'restart', 'until', 'sources', 'sinks', 'model'],
  coalesce: ['sources', 'model'],
  restart: ['coalesce', 'sources', 'sinks', 'model'],
  'take-back': ['mend', 'change', 'own-statement', 'sinks'],
  mend: ['change', 'remedy', 'policy', 'sinks', 'model'],
  change: ['policy', 'sinks', 'model'],
  survey: ['decide', 'sources', 'model'],
  causes: ['remedy', 'own-statement', 'recent', 'sharing', 'model'],
  decide: ['checks', 'model'],
  remedy: ['decide', 'own-statement', 'policy', 'model'],
  'own-statement': ['delivery', 'policy', 'model'],
  checks: ['delivery', 'policy', 'model'],
  delivery: ['recent', 'policy types', 'model'],
  parameters: ['model'],
  sources: ['model'],
  reports: ['model'],
  sinks: ['model'],
  model: [],
  policy: [],
  until: [],
  recent: [],
  sharing: [],
};

const files = readdirSync('rule', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `rule/${name}`)
  .sort();

/** The part that a file belongs to: its folder below `rule/`, or itself. */
const partOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '');

/** The files of ours that a file imports, each with the part's name as the table has it. */
function importsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const specifiers: [string, boolean][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      specifiers.push([
        node.moduleSpecifier.text,
        node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      ]);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      node.arguments.forEach(
        (each) => ts.isStringLiteral(each) && specifiers.push([each.text, false]),
      );
    ts.forEachChild(node, visit);
  };
  visit(source);
  return specifiers
    .filter(([specifier]) => specifier.startsWith('.') && specifier.endsWith('.ts'))
    .map(([specifier, typesOnly]) => {
      const part = partOf(join(dirname(file), specifier));
      return part === 'policy' && typesOnly ? 'policy types' : part;
    });
}

describe('imports point one way only', () => {
  it.each(files)('%s', (file) => {
    const part = partOf(file);
    const may = allowed[part] ?? [];
    const others = importsOf(file).filter((each) => each !== part && each !== `${part} types`);
    const withTypes = may.flatMap((each) => [each, `${each} types`]);
    expect(others.filter((each) => !withTypes.includes(each))).toEqual([]);
  });

  it('every part is in the table', () => {
    expect([...new Set(files.map(partOf))].filter((part) => !(part in allowed))).toEqual([]);
  });
});

describe('the policy reader', () => {
  it.each(files.filter((file) => partOf(file) === 'policy'))(
    '%s knows nothing of flow logs, I/O or packages',
    (file) => {
      const text = readFileSync(file, 'utf8');
      const outside = [...text.matchAll(/from '([^.][^']*)'/g)].map((match) => match[1]);
      expect(outside.filter((each) => each !== 'node:net')).toEqual([]);
      expect(text).not.toMatch(/flow.?log|kms:/i);
    },
  );
});
