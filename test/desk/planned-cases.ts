import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { defaultRequiredActions, type Question } from '../../rule/model/question.ts';
import { plannedRun } from '../../rule/remedy/planned-run.ts';
import type { PlannedInput } from '../../rule/sources/planned/input.ts';
import { readPlans } from '../../rule/sources/plan/source.ts';
import { readTemplates } from '../../rule/sources/template/source.ts';

/** A judged case of templates or of a plan. */
export interface PlannedCase {
  readonly name: string;
  readonly kind: 'template' | 'plan';
  /** Where the files are: a folder of templates, or a plan. */
  readonly path: string;
  /** Reads the case, or a copy of the case at another path. */
  readonly read: (path?: string) => PlannedInput;
  readonly question: Question;
}

interface Options {
  readonly account?: string;
  readonly region?: string;
  readonly organizationId?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const folder = 'test/template-cases';
const plans = 'test/plan-cases';

const questionOf = ({ organizationId }: Options): Question => ({
  requiredActions: defaultRequiredActions,
  alsoCheck: [],
  organizationId,
  exemptions: [],
  now: new Date('2026-11-26'),
});

export const plannedCases: readonly PlannedCase[] = [
  ...readdirSync(folder)
    .filter((name) => existsSync(`${folder}/${name}/expected.json`))
    .map((name): PlannedCase => {
      const path = `${folder}/${name}`;
      const { options } = JSON.parse(readFileSync(`${path}/expected.json`, 'utf8')) as {
        options: Options;
      };
      const { account, region, parameters: given = {} } = options;
      const read = (from = path) => readTemplates(pathsIn(from), { ...{ account, region }, given });
      return { name, kind: 'template', path, read, question: questionOf(options) };
    }),
  ...readdirSync(plans)
    .filter((name) => name !== 'expected.json')
    .map((name): PlannedCase => {
      const path = `${plans}/${name}`;
      // The account counts only where a plan does not tell its own.
      const read = (from?: string) =>
        readPlans([from ?? path], { account: from && '111122223333', region: undefined });
      return { name, kind: 'plan', path, read, question: questionOf({}) };
    }),
];

const pathsIn = (path: string): readonly string[] =>
  existsSync(`${path}/manifest.json`)
    ? [path]
    : readdirSync(path).flatMap((file) => (file === 'expected.json' ? [] : `${path}/${file}`));

export const runOf = ({ read, question }: PlannedCase, path?: string) => {
  const input = read(path);
  return { input, run: plannedRun(input, question) };
};
