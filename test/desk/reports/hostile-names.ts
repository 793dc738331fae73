import type { Run } from '../../../rule/remedy/run.ts';
import { rowOf, runOf, verdictOf } from './runs.ts';

/** Names that a format might take for its own words, a formula, a command, a link or a mention. */
export const hostileNames = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details><!-- ',
  ']]>',
  '&lt;&amp;',
  'a|b',
  '`',
  '``a`b',
  '` code `',
  '```\n# heading',
  'a\nb',
  'a\r\n::error::b',
  '%0A::error::b',
  '100%25, title=x',
  '::stop-commands::x',
  '##[add-mask]x',
  'file=a,line=1::b',
  '"quoted", and; more',
  "it's",
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '＝1+1',
  '@acme/admins',
  '#123',
  '[click](https://evil.example)',
  '![](https://evil.example/x.png)',
  'https://evil.example',
  'www.evil.example',
  '*bold* _it_ ~~no~~ $x$',
  '# heading',
  '- item',
  '{0} {{1}} ${x}',
  'a\\',
  '\u0000\u0007\u001b[31mred\u009b0m',
  '\u202Egnp.exe\u2066',
  'a\u200Bb\uFEFF',
  'a\u2028b\u2029c',
  '\uD800',
  'a\u{E0041}b',
  '\uFFFF',
  '../../etc/passwd',
  '日本 é 😀',
] as const;

/** Characters that a terminal, a browser or a parser would obey. */
export const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/gu;
export const seen = (name: string): string => name.replace(obeyed, '\uFFFD');

/** A flow log for each name whose every word is the name, and a problem with the same words. */
export const hostileRun = (names: readonly string[]): Run =>
  runOf(
    names.map((name) => {
      const words = { what: name, next: name, bucket: name, key: name, advice: [name] };
      const source = { file: name, line: 7, column: 3 };
      return rowOf(name, verdictOf({ outcome: 'blocked', ...words }), { resourceId: name, source });
    }),
    names.map((name) => ({ file: name, item: name, message: name })),
  );
