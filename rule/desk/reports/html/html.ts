import { createHash } from 'node:crypto';
import type { Run } from '../../../remedy/run.ts';
import { frame } from './frame.ts';
import { pageGroupsOf } from './groups.ts';
import { pageTexts } from './page-texts.ts';
import { title } from './summary.ts';
import { htmlText, scriptJson } from './escape.ts';

/** The report as one page that loads nothing, and runs and obeys only its own script and style. */
export function* html(run: Run): Generator<string> {
  const { script, style } = pageTexts;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${htmlText(title(run))}</title>
<style>${style}</style>
</head>
<body>
${frame(run)}
<script type="application/json" id="data">`;
  yield* dataJson(run);
  yield `</script>
<script>${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The data of the page, with a line for each flow log: a million flow logs make more text than one string can hold. */
function* dataJson(run: Run): Generator<string> {
  const { shared, flowLogOf } = pageGroupsOf(run);
  let separator = '{"flowLogs":[';
  for (const row of run.rows) {
    yield `${separator}\n${scriptJson(flowLogOf(row))}`;
    separator = ',';
  }
  // Places are known after the last flow log.
  yield `${run.rows.length === 0 ? separator : ''}],${scriptJson(shared).slice(1)}`;
}
