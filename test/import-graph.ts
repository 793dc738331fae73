import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** An import in a file: the module, and the names that exist when the program runs. */
interface Import {
  readonly module: string;
  /** The names of values. An import of types only has none. */
  readonly values: readonly string[];
  readonly isTypeOnly: boolean;
}

/** The imports of a file, at once or on demand. */
export function importsIn(file: string): readonly Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      found.push({ module: node.moduleSpecifier.text, ...namesIn(node.importClause) });
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      for (const each of node.arguments)
        if (ts.isStringLiteral(each))
          found.push({ module: each.text, values: ['*'], isTypeOnly: false });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function namesIn(clause: ts.ImportClause | undefined): Pick<Import, 'values' | 'isTypeOnly'> {
  const isTypeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (clause === undefined || isTypeOnly) return { values: [], isTypeOnly };
  const { name, namedBindings } = clause;
  const named =
    namedBindings === undefined
      ? []
      : ts.isNamedImports(namedBindings)
        ? namedBindings.elements
            .filter((each) => !each.isTypeOnly)
            .map((each) => (each.propertyName ?? each.name).text)
        : ['*'];
  return { values: [...(name === undefined ? [] : ['default']), ...named], isTypeOnly };
}

/** The files of this project among imports. */
export const ownFiles = (file: string, imports: readonly Import[]): readonly string[] =>
  imports
    .map(({ module }) => module)
    .filter((module) => module.startsWith('.') && module.endsWith('.ts'))
    .map((module) => join(dirname(file), module));

/** The file and all files that the file needs when it runs. */
export function reachableFrom(file: string): readonly string[] {
  const reached = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    const needed = importsIn(next).filter(({ isTypeOnly }) => !isTypeOnly);
    waiting.push(...ownFiles(next, needed));
  }
  return [...reached].sort();
}
