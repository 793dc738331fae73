/**
 * What a verdict costs, and what it saves that equal questions are asked once. Machines differ, so read the ratio.
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
const asked = time((index) => decide(facts(index), question));
// A document of its own for each flow log: read anew, asked anew.
const anew = time((index) =>
  decide({ ...facts(index), key: { ...key, policy: policy(grant) } }, question),
);

console.log(`one key, equal questions asked once: ${asked.toFixed(1)} us a flow log`);
console.log(`a policy of its own for each:        ${anew.toFixed(1)} us a flow log`);
console.log(`ratio: ${(anew / asked).toFixed(1)}`);
