/**
 * Measures the time of a verdict, with and without answers from memory. Machines differ, so read the ratio.
 *
 *     npm run -s bench
 */
import { decide } from '../rule/judge/decide.ts';
import { account, flowLog, key, policy, grant, question, world } from '../test/world.ts';

const COUNT = 20_000;

/** Microseconds for each flow log. */
function time(judge: (index: number) => unknown): number {
  for (let index = 0; index < COUNT / 10; index++) judge(index);
  const start = process.hrtime.bigint();
  for (let index = 0; index < COUNT; index++) judge(index);
  return Number(process.hrtime.bigint() - start) / 1000 / COUNT;
}

const facts = (index: number) => ({
  ...world,
  flowLog: { ...flowLog, id: `fl-${index}`, accountId: String(Number(account) + (index % 20)) },
});
const remembered = time((index) => decide(facts(index), question));
// Each flow log has a policy document of its own, so no answer comes from memory.
const computed = time((index) =>
  decide({ ...facts(index), key: { ...key, policy: policy(grant) } }, question),
);

console.log(`one key, equal questions asked once: ${remembered.toFixed(1)} us a flow log`);
console.log(`a policy of its own for each:        ${computed.toFixed(1)} us a flow log`);
console.log(`ratio: ${(computed / remembered).toFixed(1)}`);
