import { learned } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { FurtherFacts } from '../model/world.ts';
import { asksForGrants, asksForOrganization, checkFacts, type CheckedFacts } from './decide.ts';

/** Adds the organization, and the grants of the key, where these may change the verdict. */
export const withFurtherFacts = (
  first: CheckedFacts,
  further: FurtherFacts,
  question: Question,
): CheckedFacts =>
  withKnownGrants(withKnownOrganization(first, further, question), further, question);

function withKnownOrganization(
  first: CheckedFacts,
  further: FurtherFacts,
  question: Question,
): CheckedFacts {
  const { facts } = first;
  if (!asksForOrganization(first, question)) return first;
  const organization = further.organization(facts.flowLog.accountId);
  return organization === undefined ? first : checkFacts({ ...facts, organization }, question);
}

function withKnownGrants(
  first: CheckedFacts,
  further: FurtherFacts,
  question: Question,
): CheckedFacts {
  const { facts } = first;
  const key = learned(facts.key);
  const grants = key && asksForGrants(first) ? further.grants(key.arn) : undefined;
  return grants === undefined ? first : checkFacts({ ...facts, grants }, question);
}
