import { counted, numeral } from '../../../basics/text.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Outcome } from '../../../model/verdict.ts';
import type { Run } from '../../../remedy/run.ts';
import { countOutcomes } from '../counts-in-words.ts';
import { htmlText } from './escape.ts';
import { outcomesByGravity } from './page-data.ts';
import { headline, origin } from './summary.ts';

/** The parts of the page that stand without a script: the answer, the problems, and places for the rest. */
export const frame = (
  run: Run,
): string => `<a class="skip" href="#cards">Skip to keys and buckets</a>
<header class="top">
<p class="dim">flow-log-key: will AWS be able to write these VPC flow logs into their buckets?</p>
<h1>${htmlText(headline(run))}</h1>
<p class="dim">${htmlText(origin(run))}</p>
</header>
${problemList(run.problems)}<p id="unscripted" class="problems">The picture and the lists need the script of this page. The script has not run: open
the file in a browser, or use --format markdown.</p>
<form id="filter" role="search" aria-label="Filter of flow logs" hidden>
<fieldset><legend>Outcomes</legend>
${outcomesByGravity.map((outcome) => outcomeBox(outcome, countOutcomes(run.rows, outcome))).join('\n')}
</fieldset>
<label>Account <select id="account"><option value="">all</option></select></label>
<label>Region <select id="region"><option value="">all</option></select></label>
<label>Cause <select id="cause"><option value="">all</option></select></label>
<label class="find">Find <input type="search" id="find" autocomplete="off" spellcheck="false" placeholder="flow log, account, bucket or key"></label>
<button type="reset">Clear</button>
<p id="status" role="status" class="dim"></p>
</form>
<main hidden>
<div class="beside">
<section class="pictured" aria-labelledby="picture-title">
<h2 id="picture-title">Picture</h2>
<div id="picture" role="group" aria-label="Flow logs, their buckets and keys"></div>
<details><summary>The picture as a table</summary><div id="picture-table"></div></details>
</section>
<section aria-labelledby="cards-title">
<h2 id="cards-title">Keys and buckets, worst first</h2>
<div id="cards" tabindex="-1"></div>
<p id="more" class="acts"></p>
</section>
</div>
<section aria-labelledby="flow-logs-title">
<h2 id="flow-logs-title">Flow logs</h2>
<div id="flow-logs"></div>
</section>
</main>`;

const outcomeBox = (outcome: Outcome, count: number): string =>
  `<label class="chip ${outcome}"><input type="checkbox" id="${outcome}" checked> <b>${numeral(count)}</b> ${outcome}</label>`;

const MAX_OPEN_PROBLEMS = 10;

function problemList(problems: readonly Problem[]): string {
  if (problems.length === 0) return '';
  const lines = problems.map(
    ({ file, item, message }) =>
      `<li><code>${htmlText(file)}</code>${item === null ? '' : ` <code>${htmlText(item)}</code>`} ${htmlText(message)}</li>`,
  );
  const rest = lines.slice(MAX_OPEN_PROBLEMS);
  const folded =
    rest.length === 0
      ? ''
      : `<details><summary>${rest.length} more</summary><ul>${rest.join('\n')}</ul></details>\n`;
  return `<section class="problems" aria-labelledby="problems-title">
<h2 id="problems-title">This report is not whole: ${problems.length === 1 ? 'an input' : counted(problems.length, 'input')} could not be read</h2>
<ul>${lines.slice(0, MAX_OPEN_PROBLEMS).join('\n')}</ul>
${folded}</section>
`;
}
