import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { evaluationOf } from '../../rule/evaluate/evaluations.ts';
import { decide } from '../../rule/judge/decide.ts';
import { findingAt } from '../../rule/judge/finding-of.ts';
import { checkCodes, type Verdict } from '../../rule/model/verdict.ts';
import { flowLog, keyId } from '../world.ts';
import { failingWorlds, type FailingWorld } from './failing-worlds.ts';

const annotationOn = (verdict: Verdict): string =>
  String(evaluationOf({ flowLog, verdict }, new Date(0), 'NON_COMPLIANT').Annotation);
const annotationIn = ({ facts, question }: FailingWorld): string =>
  annotationOn(decide(facts, question));
const beginning = (annotation: string): string => annotation.slice(0, 60);

describe('the annotation of 30 worlds', () => {
  it('reads well: whole, with the length, and as a console shows the beginning', () => {
    const table = failingWorlds.map((each) => {
      const annotation = annotationIn(each);
      const length = String(annotation.length).padStart(3);
      return `${each.check}: ${each.name}\n${length} ${beginning(annotation)}\n    ${annotation}\n`;
    });
    expect(table.join('\n')).toBe(readFileSync('test/golden/annotations.txt', 'utf8'));
  });

  it('begins with other words for each cause', () => {
    expect(failingWorlds).toHaveLength(30);
    expect(new Set(failingWorlds.map((each) => beginning(annotationIn(each)))).size).toBe(30);
  });

  it('has every check', () => {
    expect(new Set(failingWorlds.map(({ check }) => check))).toEqual(new Set(checkCodes));
  });

  it.each(failingWorlds)('names the reason of the verdict: $name', (each) => {
    const { outcome, reason, findings } = decide(each.facts, each.question);
    expect(reason).toBe(each.check);
    const start = `${outcome === 'unknown' ? 'unknown: ' : ''}${String(reason)}: `;
    expect(annotationIn(each).startsWith(start)).toBe(true);
    const finding = findings.find(({ check }) => check === reason);
    if (outcome !== 'exempt') expect(finding?.next).toMatch(/^[a-z]/);
  });

  it('shows whole ids of keys, and buckets', () => {
    for (const each of failingWorlds) {
      const { outcome, keyArn, bucket } = decide(each.facts, each.question);
      const annotation = annotationIn(each);
      if (outcome === 'exempt') continue;
      if (keyArn !== null) expect(annotation).toContain(`; key ${keyId};`);
      if (bucket !== null) expect(annotation).toContain(`; bucket ${bucket};`);
    }
  });
});

test('however long a cause, a bucket and a step are, the whole key, the bucket and a step fit', () => {
  const words = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '😀', ':', '/'), maxLength: 600 });
  fc.assert(
    fc.property(
      words,
      words,
      fc.nat(63),
      fc.constantFrom(...checkCodes),
      (what, next, size, check) => {
        const bucket = 'b'.repeat(Math.max(3, size));
        const where = { bucket, key: `arn:aws:kms:us-east-1:111122223333:key/${keyId}` };
        const finding = findingAt(check, { outcome: 'unknown', what, next: `do ${next}` }, where);
        const { message } = finding;
        const annotation = annotationOn({
          ...{ bucket, keyArn: where.key, outcome: 'unknown', reason: check, message },
          ...{ findings: [finding], advice: [] },
        });
        expect(annotation.length).toBeLessThanOrEqual(256);
        expect(annotation).toContain(`; key ${keyId}; bucket ${bucket}; do`);
      },
    ),
  );
});
