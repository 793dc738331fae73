// Puts the types of an entry into one file that imports packages only. The entry exports names of other files, whose
// exported declarations need no types of a third file but those that the entry exports.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * The names of the values that the entry exports, and all declarations as text. Throws an Error where a declaration would
 * need a type of this project that the entry does not export.
 * @param {string} entry
 * @returns {{ names: string[]; text: string }}
 */
export function declarationsOf(entry) {
  /** @type {Map<string, Set<string>>} */
  const imports = new Map();
  const declarations = [];
  const names = [];
  const exported = exportsOf(entry);
  const all = new Set(exported.flatMap(({ elements }) => elements.map(({ name }) => name)));
  for (const { file, elements } of exported) {
    names.push(...elements.filter(({ isType }) => !isType).map(({ name }) => name));
    for (const statement of statementsOf(file)) {
      if (ts.isImportDeclaration(statement)) {
        const from = statement.moduleSpecifier.text;
        const imported = statement.importClause.namedBindings.elements.map(({ name }) => name.text);
        if (!from.startsWith('.'))
          imports.set(from, new Set([...(imports.get(from) ?? []), ...imported]));
        else
          for (const name of imported)
            if (!all.has(name)) throw new Error(`${entry} exports no ${name}, which ${file} needs`);
      } else if (!ts.isExportDeclaration(statement)) declarations.push(statement.getFullText());
    }
  }
  const lines = [...imports].map(
    ([from, imported]) => `import type { ${[...imported].sort().join(', ')} } from '${from}';\n`,
  );
  return { names: names.sort(), text: [...lines.sort(), ...declarations, '\n'].join('') };
}

/** The files that an entry exports from, with the exported names. */
function exportsOf(entry) {
  const source = ts.createSourceFile(entry, readFileSync(entry, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.map((statement) => ({
    file: join(dirname(entry), statement.moduleSpecifier.text),
    elements: statement.exportClause.elements.map((element) => ({
      name: element.name.text,
      isType: statement.isTypeOnly || element.isTypeOnly,
    })),
  }));
}

/** The statements of the types of one file. */
function statementsOf(file) {
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023 },
  });
  const [problem] = diagnostics ?? [];
  if (problem !== undefined)
    throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
  return ts.createSourceFile(file, outputText, ts.ScriptTarget.Latest, true).statements;
}
