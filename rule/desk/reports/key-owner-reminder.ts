import type { KeyStatement } from '../../model/key-statement.ts';
import { isDocument, sidOf, statementsOf, textsAt } from '../../policy/document.ts';
import {
  isStatementOf,
  ownSourceArnsIn,
  SID,
  statementOf,
  type Grant,
} from '../../remedy/grant.ts';
import type { StatementLanguage } from '../../model/world.ts';
import { writeStatement } from '../../remedy/write-statement.ts';

/**
 * Reminds of the code that makes the key: the next deployment of Terraform, CDK or CloudFormation would take these
 * statements away. Ends with the statements in the language of this code, if a language is given. Empty without a
 * statement.
 */
export function keyOwnerReminder(
  statements: readonly KeyStatement[],
  format: StatementLanguage | undefined,
): readonly string[] {
  if (statements.length === 0) return [];
  const reminder =
    'If Terraform, CDK or CloudFormation makes the key, put the statement there too, or the next\ndeployment takes it away';
  if (format === undefined) return [`${reminder} (--format writes it)`];
  return [
    `${reminder}:\n`,
    ...new Set(statements.map((statement) => writeStatement(statement, format))),
  ];
}

/** The statements in a key policy that are ours: by Sid, and unchanged since. */
export const ownStatementsIn = (policy: unknown): readonly KeyStatement[] =>
  isDocument(policy)
    ? statementsOf(policy)
        .filter((statement) => sidOf(statement)?.replace(/\d+$/, '') === SID)
        .flatMap((statement) =>
          grantsIn(statement)
            .filter((grant) => isStatementOf(grant, statement))
            .map((grant) => statementOf(grant, sidOf(statement))),
        )
    : [];

/** The grants of which a statement may be the statement. */
function grantsIn(statement: unknown): readonly Grant[] {
  const actions = textsAt(statement, 'Action');
  const sourceArns = ownSourceArnsIn(statement, actions) ?? [];
  const [organizationId] = textsAt(statement, 'Condition', 'StringEquals', 'aws:SourceOrgID');
  return [
    ...(sourceArns.length === 0
      ? []
      : [{ actions, admitted: { kind: 'flow-logs', sourceArns } } as const]),
    ...(organizationId === undefined
      ? []
      : [{ actions, admitted: { kind: 'organization', organizationId } } as const]),
  ];
}
