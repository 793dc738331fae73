import type { KeyStatement } from '../model/key-statement.ts';
import { isDocument, sidOf, statementsOf, type Document } from '../policy/document.ts';
import { isStatementOf, ownSourceArnsIn, SID, statementOf, type Grant } from './grant.ts';

/** A key policy with our statement. */
export interface Merged {
  readonly document: Document;
  readonly statement: KeyStatement;
  /** True if the statement replaces the statement of the same Sid. */
  readonly replaces: boolean;
}

/**
 * Puts a grant into a key policy; undefined where the JSON is no policy. Our own unedited statement grows. Otherwise a
 * new statement follows the others. All other statements stay unchanged.
 */
export function merge(policy: unknown, grant: Grant): Merged | undefined {
  if (!isDocument(policy)) return undefined;
  const statements = statementsOf(policy);
  const grown = statements.map((statement) => grow(statement, grant));
  const index = grown.findIndex((statement) => statement !== undefined);
  const statement = grown[index] ?? statementOf(grant, freeSid(statements));
  const replaces = index >= 0;
  const Statement = replaces ? statements.with(index, statement) : [...statements, statement];
  return { document: { ...policy, Statement }, statement, replaces };
}

/** Adds a grant to our own statement; undefined for a foreign or edited statement, and for another organization's. */
function grow(statement: unknown, grant: Grant): KeyStatement | undefined {
  const { admitted, actions } = grant;
  const sid = sidOf(statement);
  if (sid === undefined || !OWN_SID.test(sid)) return undefined;
  if (admitted.kind === 'organization')
    return isStatementOf(grant, statement) ? statementOf(grant, sid) : undefined;
  const own = ownSourceArnsIn(statement, actions);
  if (own === undefined) return undefined;
  const sourceArns = [...own, ...admitted.sourceArns];
  return statementOf({ actions, admitted: { kind: 'flow-logs', sourceArns } }, sid);
}

const OWN_SID = new RegExp(`^${SID}\\d*$`);

function freeSid(statements: readonly unknown[]): string {
  const taken = new Set(statements.map(sidOf));
  let sid = SID;
  for (let n = 2; taken.has(sid); n++) sid = `${SID}${n}`;
  return sid;
}
