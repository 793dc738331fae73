import { parseJson } from '../../basics/text.ts';
import { sidOf } from '../../policy/document.ts';
import { blockOf, expressionsAt } from './configuration.ts';
import type { Instance } from './instances.ts';
import { filledText, hasMark, isMarked, listAt, objectOf } from './json-path.ts';
import { rebuildStatements } from './policy-document.ts';
import { candidatesIn } from './references.ts';
import type { PlanWorld } from './universe.ts';

/** The policy of a document that is read during apply. */
interface RebuiltPolicy {
  readonly Version: string;
  readonly Statement: readonly object[];
}

/** A policy, and all documents that the policy comes from. */
export interface MergedPolicy {
  readonly policy: RebuiltPolicy;
  readonly documents: readonly Instance[];
}

/**
 * Merges a document with its source documents and overriding documents, which may be read during apply too. Undefined
 * where the plan does not tell one of these. `around` has the documents that name this one.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export function mergedPolicy(
  document: Instance,
  planWorld: PlanWorld,
  around: readonly Instance[] = [],
): MergedPolicy | undefined {
  const { values } = document;
  const isOld = filledText(values.source_json ?? values.override_json) !== undefined;
  const statements = rebuildStatements(document, planWorld);
  if (isOld || statements === undefined || around.includes(document)) return undefined;
  const read = (name: string): readonly MergedPolicy[] | undefined =>
    documentsNamed(document, name, (other) =>
      mergedPolicy(other, planWorld, [...around, document]),
    );
  const [sources, overrides] = [read('source_policy_documents'), read('override_policy_documents')];
  if (sources === undefined || overrides === undefined) return undefined;
  const Version = filledText(values.version) ?? '2012-10-17';
  const own = { policy: { Version, Statement: statements }, documents: [document] };
  const parts = [...sources, own, ...overrides];
  const isClear = parts.length === 1 || parts.every((part) => part.documents.every(hasKnownSids));
  return isClear ? parts.reduce(mergeInto) : undefined;
}

/** A statement takes the place of a statement with the same Sid. The later version counts. */
function mergeInto(before: MergedPolicy, after: MergedPolicy): MergedPolicy {
  const statements = [...before.policy.Statement];
  for (const statement of after.policy.Statement) {
    const sid = filledSid(statement);
    const at = sid === undefined ? -1 : statements.findIndex((each) => filledSid(each) === sid);
    if (at === -1) statements.push(statement);
    else statements[at] = statement;
  }
  const [one, other] = [before.policy.Version, after.policy.Version];
  return {
    policy: { Version: one > other ? one : other, Statement: statements },
    documents: [...before.documents, ...after.documents],
  };
}

/** An empty Sid is none. */
const filledSid = (statement: object): string | undefined => filledText(sidOf(statement));

const hasKnownSids = ({ values, unknown: marks }: Instance): boolean =>
  listAt(values.statement).every((_, index) => !isMarked(marks, ['statement', index, 'sid']));

/** The documents in a list: texts of JSON, and references to documents in the places of missing texts. */
function documentsNamed(
  document: Instance,
  name: string,
  follow: (other: Instance) => MergedPolicy | undefined,
): readonly MergedPolicy[] | undefined {
  const value = document.values[name];
  if (!Array.isArray(value)) return hasMark(objectOf(document.unknown)[name]) ? undefined : [];
  const expressions = expressionsAt(blockOf(document)?.expressions, [name]);
  const gaps = value.filter((each) => each === null).length;
  const missing = gaps === 0 ? [] : candidatesIn(expressions, document);
  // Among several that override each other the order counts, and an expression may turn the order round.
  const isOrdered = gaps < 2 || name !== 'override_policy_documents';
  if (missing.length !== gaps || !isOrdered) return undefined;
  const documents = missing.map((each) =>
    each.kind === 'attribute' && each.instance.type === DOCUMENT
      ? follow(each.instance)
      : undefined,
  );
  const found = value.map((each) => (each === null ? documents.shift() : policyInText(each)));
  return found.some((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? []);
}

/** The type of policy documents. */
export const DOCUMENT = 'aws_iam_policy_document';

/** A policy as text of JSON; an empty text adds nothing. */
function policyInText(text: unknown): MergedPolicy | undefined {
  try {
    const { Version, Statement = [] } = objectOf(text === '' ? {} : parseJson(String(text)));
    const policy = {
      Version: filledText(Version) ?? '',
      Statement: [Statement].flat().map(objectOf),
    };
    return { policy, documents: [] };
  } catch {
    return undefined;
  }
}
