import type { Verdict } from '../model/verdict.ts';
import { findingAt } from './finding-of.ts';
import type { Doubt } from './worlds-in-words.ts';

/** Turns a verdict into an unknown one: the reason stays, the doubt comes first, and the step that settles the doubt. */
export function inDoubt(verdict: Verdict, { why, next }: Doubt): Verdict {
  const reason = verdict.reason ?? verdict.findings.at(-1)?.check ?? 'destination';
  const findings = verdict.findings.map((finding) => {
    const { check, outcome, what, where } = finding;
    if (check === reason)
      return findingAt(check, { outcome: 'unknown', what: `${why}: ${what}`, next }, where);
    return outcome === 'blocked' ? { ...finding, outcome: 'unknown' as const } : finding;
  });
  const message = findings.find(({ check }) => check === reason)?.message ?? why;
  return { ...verdict, outcome: 'unknown', reason, message, findings };
}

/** The verdict with remarks in the finding behind the verdict. */
export function withRemarks(verdict: Verdict, remarks: readonly string[]): Verdict {
  if (remarks.length === 0) return verdict;
  const message = [verdict.message, ...remarks].join('; ');
  const findings = verdict.findings.map((finding) =>
    finding.message === verdict.message
      ? { ...finding, message, what: [finding.what, ...remarks].join('; ') }
      : finding,
  );
  return { ...verdict, message, findings };
}
