import { existsSync, readFileSync } from 'node:fs';
import { present } from '../../rule/policy/known.ts';
import { compilePolicy, decisionOf } from '../../rule/policy/policy.ts';
import { contextFrom, type ContextJson } from './known-json.ts';
import shared from './policy-cases.json';

interface PolicyCase {
  readonly name: string;
  readonly group: string;
  readonly policy: unknown;
  readonly action: string;
  readonly key: string;
  readonly context: ContextJson;
  readonly expected: 'allowed' | 'denied' | 'depends';
  readonly why: string;
}

const more = process.env.POLICY_CASES;
if (more !== undefined && !existsSync(more)) throw new Error(`POLICY_CASES=${more}: no such file`);
const cases = [
  ...(shared as unknown as readonly PolicyCase[]),
  ...(more === undefined ? [] : (JSON.parse(readFileSync(more, 'utf8')) as readonly PolicyCase[])),
];

/** The cases' words for our outcomes. */
const words = { allowed: 'allowed', denied: 'denied', unsure: 'depends' };

describe('the judged policy cases', () => {
  for (const { name, group, policy, action, key, context, expected, why } of cases)
    it(`${name}: ${expected}, ${why}`, () => {
      const service = 'delivery.logs.amazonaws.com';
      const request = { service, action, resource: present(key), context: contextFrom(context) };
      const complementary = group === 'logic' && /complementary unknown Allows/i.test(why);
      const accepted = complementary && expected === 'allowed' ? [expected, 'depends'] : [expected];
      expect(accepted).toContain(words[decisionOf(compilePolicy(policy), request).outcome]);
    });
});
