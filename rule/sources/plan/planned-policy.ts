import { isUnknown, unknown, type PolicyDocument, type Unknown } from '../../model/facts.ts';
import { plannedPolicy } from '../planned/policy.ts';
import { candidateName, type PlanCandidate } from './candidate.ts';
import { blockOf, expressionsAt } from './configuration.ts';
import type { Instance } from './instances.ts';
import { filledText, hasMark, isMarked } from './json-path.ts';
import { NOT_IN_PLAN } from './names.ts';
import { DOCUMENT, mergedPolicy } from './merged-document.ts';
import { candidatesAt } from './references.ts';
import type { PlanWorld } from './universe.ts';

/** The `policy` of a resource; undefined where nothing sets a policy: then the default of AWS counts. */
export function policySetBy(
  instance: Instance,
  subject: string,
  planWorld: PlanWorld,
): PolicyDocument | Unknown | undefined {
  const { values, unknown: marks, sensitive } = instance;
  const isSensitive = isMarked(sensitive, ['policy']);
  if (values.policy !== undefined && !isMarked(marks, ['policy'])) {
    const text = filledText(values.policy);
    return text === undefined ? undefined : readPlanned(text, { subject, isSensitive, planWorld });
  }
  const block = blockOf(instance);
  if (block === undefined) return unknown(`${subject} is known after apply`, NOT_IN_PLAN);
  if (expressionsAt(block.expressions, ['policy']).length === 0)
    return instance.isNew ? undefined : unknown(`${subject} is known after apply`, NOT_IN_PLAN);
  const candidates = candidatesAt(instance, ['policy']);
  if (candidates.every(({ kind }) => kind === 'value')) return undefined;
  const document = onlyDocument(candidates);
  const merged = document && mergedPolicy(document, planWorld);
  if (merged === undefined) return knownLater(subject, candidates);
  const hasSecret = isSensitive || merged.documents.some(({ sensitive: each }) => hasMark(each));
  return readPlanned(merged.policy, { subject, isSensitive: hasSecret, planWorld });
}

/** The document that an expression is; several documents may be put together. */
function onlyDocument([only, ...more]: readonly PlanCandidate[]): Instance | undefined {
  return only?.kind === 'attribute' && more.length === 0 && only.instance.type === DOCUMENT
    ? only.instance
    : undefined;
}

const knownLater = (subject: string, candidates: readonly PlanCandidate[]): Unknown =>
  unknown(
    `${subject} is known after apply, from ${candidates.slice(0, 3).map(candidateName).join(', ')}`,
    NOT_IN_PLAN,
  );

interface DocumentReading {
  readonly subject: string;
  readonly isSensitive: boolean;
  readonly planWorld: PlanWorld;
}

/** A sensitive policy is judged and never quoted. */
function readPlanned(
  policy: unknown,
  { subject, isSensitive, planWorld: { world, universe } }: DocumentReading,
): PolicyDocument | Unknown {
  const read = plannedPolicy(subject, policy, { world, madeUp: universe.madeUp });
  if (!isSensitive) return read;
  return isUnknown(read)
    ? unknown(read.unquoted ?? `${subject} is sensitive, and cannot be read in full`)
    : { ...read, isSensitive: true };
}
