import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readTemplates } from '../../rule/sources/template/source.ts';
import { judgeAll, plainQuestion } from '../sources/template/judged.ts';

/** The true verdicts on the templates of a folder, `expected.json` in the folder. */
interface Expected {
  readonly options: {
    readonly account?: string;
    readonly region?: string;
    readonly organizationId?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  };
  readonly flowLogs: readonly {
    readonly flowLog: string;
    readonly outcome: string;
    /** Any of these is a true reason. */
    readonly reason: string | readonly string[] | null;
  }[];
}

const base = 'test/template-cases';
const names = readdirSync(base).filter((name) => existsSync(`${base}/${name}/expected.json`));

it.each(names)('The verdicts on %s are true, and show no made-up value', (name) => {
  const folder = `${base}/${name}`;
  const { options, flowLogs } = JSON.parse(
    readFileSync(`${folder}/expected.json`, 'utf8'),
  ) as Expected;
  const { account, region, organizationId, parameters: given = {} } = options;
  const paths = existsSync(`${folder}/manifest.json`)
    ? [folder]
    : readdirSync(folder).flatMap((file) => (file === 'expected.json' ? [] : `${folder}/${file}`));
  const input = readTemplates(paths, { account, region, given });
  expect(input.problems).toEqual([]);
  const verdicts = judgeAll(input, { ...plainQuestion, organizationId });
  const found = Object.entries(verdicts).map(([flowLog, { outcome, reason }]) => ({
    ...{ flowLog, outcome, reason },
  }));
  const expected = flowLogs.map((each) => ({
    ...each,
    reason: Array.isArray(each.reason) ? (expect.any(String) as unknown) : each.reason,
  }));
  expect(found.map(({ flowLog }) => flowLog).sort()).toEqual(
    flowLogs.map(({ flowLog }) => flowLog).sort(),
  );
  for (const { flowLog, outcome, reason } of expected)
    expect(found).toContainEqual({ flowLog, outcome, reason });
  expect(JSON.stringify(verdicts)).not.toMatch(/(zq|qz|xq|qx|vq|qv)\d|\b9900000\d{5}/);
});
