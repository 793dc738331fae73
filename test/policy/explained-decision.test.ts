import fc from 'fast-check';
import { absent, maybe, oneLike, present, unknownValue } from '../../rule/policy/known.ts';
import { explainDecision } from '../../rule/policy/explained-decision.ts';
import { compilePolicy, decisionOf } from '../../rule/policy/policy.ts';
import { conditionsOf, about, pick, statementsWith, versions } from './random.ts';

const service = 'delivery.logs.amazonaws.com';
const conditions = conditionsOf(
  about(
    {
      keys: ['x:a', 'x:b'],
      operators: ['StringEquals', 'StringNotEquals', 'StringLike', 'ArnLike', 'Strange'],
      values: ['a', 'b', 'a:b:c:d:e:f'],
      globs: ['*', 'a*'],
    },
    ['${x:b}'],
  ),
);
const statements = statementsWith({
  effects: pick('Allow', 'Allow', 'Deny', 'Permit'),
  conditions,
  principals: { usual: ['*'], rare: [{ Service: service }, { AWS: '1' }] },
  actions: { usual: ['kms:*'], rare: ['kms:Encrypt'] },
  resources: { usual: ['*'], rare: ['arn:p:kms:r:1:key/b'] },
});
const policies = fc
  .tuple(versions, fc.array(statements, { maxLength: 3 }))
  .map(([version, Statement]) => ({ ...version, Statement }));
const known = pick(present('a'), maybe('b'), oneLike('a*', 'b'), absent, unknownValue);
const requests = fc.record({ a: known, b: known }).map(({ a, b }) => ({
  service,
  action: 'kms:Decrypt',
  resource: present('arn:p:kms:r:1:key/a'),
  context: { 'x:a': a, 'x:b': b },
}));

describe('an explained decision', () => {
  it('agrees with the decision, its statements and their steps', () => {
    const law = fc.property(policies, requests, (document, request) => {
      const policy = compilePolicy(document);
      const { outcome, byCases, statements: explained } = explainDecision(policy, request);
      expect(outcome).toBe(decisionOf(policy, request).outcome);
      expect(explained).toHaveLength(policy.statements.length);
      for (const { applies, steps } of explained) {
        const answers = steps.map(({ holds }) => holds);
        const all = answers.includes(false) ? false : answers.includes('unsure') ? 'unsure' : true;
        expect(applies).toBe(all);
      }
      const deciding = explained.filter(({ decides }) => decides);
      const decidingEffects = [...new Set(deciding.map(({ effect }) => effect))];
      if (byCases || outcome === 'unsure')
        expect(
          deciding.some((each) => each.applies === 'unsure' || each.effect === 'unreadable'),
        ).toBe(true);
      else if (outcome === 'allowed') expect(decidingEffects).toEqual(['Allow']);
      else expect(['', 'Deny']).toContain(decidingEffects.join());
    });
    fc.assert(law, { numRuns: 500 });
  });
});
