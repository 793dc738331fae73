import type { KeyStatement } from '../model/key-statement.ts';
import { isDocument, sidOf, statementsOf, type Document } from '../policy/document.ts';
import { isStatementOf, ownSourceArnsIn, statementOf, type Grant } from './grant.ts';

/** The answer to the wish to take a grant out of a key policy. */
export type Withdrawal =
  | { readonly kind: 'withdrawn'; readonly document: Document }
  /** The policy holds the grant no longer. */
  | { readonly kind: 'gone' }
  /** Somebody edited our statement, so that the grant cannot be told from the edit. */
  | { readonly kind: 'edited' };

/** Takes a grant out of the statement with this Sid. Grants to other flow logs in the statement stay. */
export function withdraw(
  policy: unknown,
  { sid, grant }: { readonly sid: string; readonly grant: Grant },
): Withdrawal {
  if (!isDocument(policy)) return { kind: 'edited' };
  const statements = statementsOf(policy);
  const [index, ...more] = statements.flatMap((statement, at) =>
    sidOf(statement) === sid ? [at] : [],
  );
  if (index === undefined) return { kind: 'gone' };
  if (more.length > 0) return { kind: 'edited' };
  const rest = restOf(statements[index], grant);
  if (rest.kind !== 'rest') return rest;
  const Statement = statements.toSpliced(index, 1, ...rest.statements);
  return { kind: 'withdrawn', document: { ...policy, Statement } };
}

/** The remains of our statement without a grant: no statement, or a smaller statement. */
type Rest =
  | { readonly kind: 'rest'; readonly statements: readonly KeyStatement[] }
  | Exclude<Withdrawal, { kind: 'withdrawn' }>;

function restOf(statement: unknown, grant: Grant): Rest {
  const { admitted, actions } = grant;
  if (admitted.kind === 'organization')
    return isStatementOf(grant, statement) ? { kind: 'rest', statements: [] } : { kind: 'edited' };
  const own = ownSourceArnsIn(statement, actions);
  if (own === undefined) return { kind: 'edited' };
  const sourceArns = own.filter((arn) => !admitted.sourceArns.includes(arn));
  if (sourceArns.length === own.length) return { kind: 'gone' };
  if (sourceArns.length === 0) return { kind: 'rest', statements: [] };
  const smaller: Grant = { actions, admitted: { kind: 'flow-logs', sourceArns } };
  return { kind: 'rest', statements: [statementOf(smaller, sidOf(statement))] };
}
