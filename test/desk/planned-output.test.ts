import { statementLanguages } from '../../rule/model/world.ts';
import { json } from '../../rule/desk/reports/json.ts';
import { table } from '../../rule/desk/reports/table.ts';
import { writeStatement } from '../../rule/remedy/write-statement.ts';
import { plannedCases, runOf } from './planned-cases.ts';

const as = (text: string): string => text;
const plain = { dim: as, red: as, yellow: as, green: as };

it.each(plannedCases.map((each) => [each.name, each] as const))(
  'No output about %s shows a made-up value, or a part of one',
  (_, planned) => {
    const { input, run } = runOf(planned);
    const statements = run.rows.flatMap(({ remedy }) => remedy ?? []);
    const outputs = [
      ...json(run),
      ...[60, 200].map((width) => table(run, { width, paint: plain })),
      ...statements.flatMap((each) => statementLanguages.map((name) => writeStatement(each, name))),
      ...input.remarks,
      ...input.problems.map(({ message }) => message),
    ].join('\n');
    const shown = input.madeUp.all().filter((value) => outputs.includes(value.slice(0, 8)));
    expect(shown).toEqual([]);
    expect(outputs).toContain('summary');
  },
);
