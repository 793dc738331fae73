import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();

/** Words that point at something else: a reader has to look for the noun. */
const referential =
  /\b(it|its|that|those|they|them|who|whoever|whom|whose|what|one|ones|such|here|there)\b/gi;

/** The sentences of all comments of a file, without code, addresses and the names of tags. */
function proseOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const comments: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
      if (!seen.has(pos)) {
        seen.add(pos);
        comments.push(text.slice(pos, end));
      }
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return comments.map((comment) =>
    comment
      .replace(/^\s*(\/\*+|\*+\/?|\/\/)|\*+\/$/gm, ' ')
      .split(/@\w+/)
      .join(' ')
      .replace(/https?:\S+/g, ' ')
      .replace(/`[^`]*`/g, 'CODE')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe.each(['rule', 'infra'])('the comments of %s/', (folder) => {
  const files = filesIn(folder).map((file) => {
    const words = proseOf(file).join(' ').split(' ').filter(Boolean);
    const pointers = words.join(' ').match(referential) ?? [];
    return { file, words: words.length, pointers };
  });

  it('name things: fewer than 4 in 100 words point at something else', () => {
    const words = files.reduce((sum, each) => sum + each.words, 0);
    const pointers = files.reduce((sum, each) => sum + each.pointers.length, 0);
    const worst = [...files]
      .sort((a, b) => b.pointers.length - a.pointers.length)
      .slice(0, 5)
      .map(({ file, pointers: found }) => `${file}: ${found.join(', ')}`);
    const percent = (100 * pointers) / words;
    if (percent >= 4) throw new Error(`${percent.toFixed(1)} in 100, most in\n${worst.join('\n')}`);
  });

  it.each(filesIn(folder))('%s starts no sentence with a riddle', (file) => {
    const sentences = proseOf(file).flatMap((prose) => prose.split(/(?<=[.;:])\s+/));
    expect(sentences.filter((each) => /^(What|Who|Whoever|Whose|Of)\b/.test(each))).toEqual([]);
  });
});
