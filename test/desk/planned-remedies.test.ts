import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { plannedCases, runOf } from './planned-cases.ts';
import { withStatement } from './with-statement.ts';

const mendable = plannedCases.filter((each) => runOf(each).run.causes.some(({ remedy }) => remedy));

it('Cases of templates and of plans have a remedy', () => {
  expect(mendable.filter(({ kind }) => kind === 'template').length).toBeGreaterThan(8);
  expect(mendable.filter(({ kind }) => kind === 'plan').length).toBeGreaterThan(5);
});

it.each(mendable.map((each) => [each.name, each] as const))(
  'The remedy for %s, put where the report says, makes its flow logs deliverable',
  (_, planned) => {
    for (const { remedy, keyArn, rows } of runOf(planned).run.causes) {
      if (remedy === null) continue;
      const ids = rows.flatMap((row) => (row.remedy === null ? [] : row.id));
      const copy = withStatement(planned.path, keyArn ?? '', remedy.statement);
      const { run, input } = runOf(planned, copy);
      rmSync(dirname(copy), { recursive: true });
      expect(input.problems).toEqual(runOf(planned).input.problems);
      const after = run.rows.filter(({ id }) => ids.includes(id));
      expect(after.map(({ id, verdict }) => `${id} ${verdict.outcome}`)).toEqual(
        ids.map((id) => `${id} deliverable`),
      );
    }
  },
);
