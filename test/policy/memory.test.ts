import { setImmediate } from 'node:timers/promises';
import { compilePolicy } from '../../rule/policy/policy.ts';
import { collectGarbage } from '../garbage.ts';

const documentOf = (n: number): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: `bucket-${n}` }],
});

describe('the memory of compiled policies', () => {
  // The facts of a hundred thousand buckets stay in memory, and their compiled policies would take ten times as much.
  it('forgets a policy after many others, though the document is kept', async () => {
    const documents = Array.from({ length: 3000 }, (_, n) => documentOf(n));
    const [first] = documents.map((document) => new WeakRef(compilePolicy(document)));
    await setImmediate();
    collectGarbage();
    expect([first?.deref(), documents[0]]).toEqual([undefined, documentOf(0)]);
  });

  it('compiles a document once, where few others are asked between', () => {
    const document = documentOf(0);
    expect(compilePolicy(document)).toBe(compilePolicy(document));
  });
});
