import type { MendPlan } from '../../mend/plan.ts';
import { learned } from '../../model/facts.ts';
import type { Question } from '../../model/question.ts';
import { grantFor, statementOf } from '../../remedy/grant.ts';
import { writeStatement } from './write-statement.ts';

/**
 * Reminds of the code that makes the key: the next deployment of Terraform, CDK or CloudFormation would take the
 * statement away. Ends with the statements for this code. Empty without a key.
 */
export function keyOwnerReminder(
  { remedies, endings }: MendPlan,
  question: Question,
): readonly string[] {
  const statements = remedies.map(({ remedy }) => remedy.statement);
  const others = endings.flatMap(({ facts }) =>
    facts && learned(facts.key) ? [facts.flowLog] : [],
  );
  if (others.length > 0) statements.push(statementOf(grantFor(others, question)));
  if (statements.length === 0) return [];
  const written = statements.flatMap((statement) =>
    (['terraform', 'cdk'] as const).map((format) => writeStatement(statement, format)),
  );
  return [
    'If Terraform, CDK or CloudFormation makes the key, put the statement there too, or the next',
    'deployment takes it away:\n',
    ...new Set(written),
  ];
}
