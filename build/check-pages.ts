import { readFileSync, writeFileSync } from 'node:fs';
import { checks } from '../rule/judge/decide.ts';
import { HOMEPAGE } from '../rule/model/check-page.ts';

const FOLDER = 'docs/checks';
const END = '<!-- end of the generated part -->';

/** The annotations of a check, from the golden table of annotations. */
function annotationsOf(code: string): readonly string[] {
  const worlds = readFileSync('test/golden/annotations.txt', 'utf8').split('\n\n');
  return worlds.flatMap((world) => {
    const [title = '', , annotation = ''] = world.split('\n');
    return title.startsWith(`${code}: `) ? [annotation.trim()] : [];
  });
}

/** The part of a page that follows from the check: heading, reason, and the words in AWS Config. */
function generatedPart(code: string, title: string): string {
  const source = `${HOMEPAGE}/blob/main/rule/judge/checks/${code}.ts`;
  return [
    `# ${code}`,
    `${title}. (The check: [\`${code}.ts\`](${source}))`,
    'Annotations of this check in AWS Config, for example:',
    `\`\`\`\n${annotationsOf(code).join('\n')}\n\`\`\``,
    END,
  ].join('\n\n');
}

/** Every page as the page should be: the generated part is new, the rest stays. */
export const checkPages = (): readonly { readonly file: string; readonly text: string }[] =>
  checks.map(({ code, title }) => {
    const file = `${FOLDER}/${code}.md`;
    const [, written] = readFileSync(file, 'utf8').split(END);
    return { file, text: generatedPart(code, title) + (written ?? '\n') };
  });

if (process.argv[1]?.endsWith('check-pages.ts'))
  for (const { file, text } of checkPages()) writeFileSync(file, text);
