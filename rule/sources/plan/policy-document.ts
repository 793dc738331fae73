import type { PlanCandidate } from './candidate.ts';
import { blockOf, expressionsAt } from './configuration.ts';
import type { Instance } from './instances.ts';
import { filledText, isMarked, listAt, objectOf } from './json-path.ts';
import { conditionIn, isSoIn, principalIn, type PlannedStatement } from './policy-statement.ts';
import { isKey, NOT_IN_PLAN, textOfCandidate } from './names.ts';
import { candidatesIn } from './references.ts';
import type { PlanWorld } from './universe.ts';

/**
 * The statements of a document itself that is read during apply: only ARNs of new resources are missing. Undefined where
 * more is missing.
 */
export function rebuildStatements(
  document: Instance,
  planWorld: PlanWorld,
): readonly object[] | undefined {
  const { values, unknown: marks } = document;
  if (isMarked(marks, ['statement'])) return undefined;
  const statements = listAt(values.statement);
  const blocks = listAt(objectOf(blockOf(document)?.expressions).statement);
  const isWhole = blocks.length === statements.length;
  return statements.flatMap((statement, index) =>
    rebuildStatement({
      document,
      values: objectOf(statement),
      marks: listAt(objectOf(marks).statement)[index],
      block: isWhole ? blocks[index] : undefined,
      name: `statement ${index + 1} of ${document.address}`,
      planWorld,
    }),
  );
}

function rebuildStatement(planned: PlannedStatement): readonly object[] {
  const { values } = planned;
  const condition = conditionIn(planned);
  if (condition === undefined) return [];
  const elements = {
    Sid: filledText(values.sid),
    Effect: effectIn(planned),
    Principal: principalIn('principals', planned),
    NotPrincipal: principalIn('not_principals', planned),
    Action: elementIn('actions', planned),
    NotAction: elementIn('not_actions', planned),
    Resource: elementIn('resources', planned),
    NotResource: elementIn('not_resources', planned),
    Condition: Object.keys(condition).length === 0 ? undefined : condition,
  };
  return [Object.fromEntries(Object.entries(elements).filter(([, each]) => each !== undefined))];
}

/** Allow is the default; a dynamic block may set another effect. */
function effectIn({ values, marks, block, name, planWorld }: PlannedStatement): string {
  const effect = filledText(values.effect);
  if (effect !== undefined) return effect;
  const isSet = block === undefined || expressionsAt(block, ['effect']).length > 0;
  if (!isMarked(marks, ['effect']) || !isSet) return 'Allow';
  return isSoIn(`effect of ${name} is Allow`, planWorld.world) ? 'Allow' : 'Deny';
}

/** Actions or resources: among missing texts only the ARN of a key is known. */
function elementIn(member: string, planned: PlannedStatement): readonly string[] | undefined {
  const { values, marks, block, name, planWorld } = planned;
  const open = planWorld.universe.madeUp.anything(`${member} of ${name}`, NOT_IN_PLAN);
  const missing = missingIn(block, [member], planned)
    .filter((each) => each.kind !== 'value')
    .map((each) => arnOfMissingKey(each, planned) ?? open);
  if (isMarked(marks, [member]) && values[member] === undefined)
    return missing.length === 1 ? missing : [open];
  const known = listAt(values[member]);
  const gaps = known.filter((each) => each === null).length;
  if (known.length === 0) return undefined;
  const texts = known.filter((each) => each !== null).map(String);
  const filled = gaps === missing.length ? missing : Array<string>(gaps > 0 ? 1 : 0).fill(open);
  return [...texts, ...filled];
}

const missingIn = (
  block: unknown,
  path: readonly string[],
  { document }: PlannedStatement,
): readonly PlanCandidate[] => {
  const found = expressionsAt(block, path);
  return found.length === 0 ? [] : candidatesIn(found, document);
};

function arnOfMissingKey(
  candidate: PlanCandidate,
  { planWorld }: PlannedStatement,
): string | undefined {
  if (candidate.kind !== 'attribute' || !isKey(candidate.instance)) return undefined;
  const { attribute = 'arn' } = candidate;
  return attribute === 'arn' ? textOfCandidate(candidate, planWorld) : undefined;
}
