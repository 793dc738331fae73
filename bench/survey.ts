/**
 * Measures how long a survey of one account waits for AWS: `check --live` beside the fewest calls, eight at once, against a
 * stand-in that takes 40 ms for each call. Neighbours in the list of flow logs have different buckets, or the same bucket.
 */
import { devNull } from 'node:os';
import { awsOf, listen } from '../test/e2e/aws-stand-in.ts';
import { callsAtOnce, liveCalls, slow } from './floors.ts';
import { sizeAsked, tell } from './results.ts';
import { nobodyAt, run } from './processes.ts';
import { accountOf, orders, type Order } from './survey-world.ts';

const flowLogs = sizeAsked();
const sizes = { flowLogs, buckets: Math.ceil(flowLogs * 0.03), keys: Math.ceil(flowLogs * 0.015) };

for (const order of Object.keys(orders) as Order[]) {
  const { listener, calls } = awsOf(accountOf(sizes, order));
  const aws = await listen(slow(listener));
  const floor = liveCalls(sizes);
  const theirs = await callsAtOnce(aws.url, floor);
  const before = calls.length;
  const options = ['--live', '--quiet', '--format', 'json', '--output', devNull];
  const ours = await run(['bin/flow-log-key.js', 'check', ...options], nobodyAt(aws.url));
  if (ours.exitCode !== 0) throw new Error(`exit code ${ours.exitCode}: all should be deliverable`);
  const made = calls.length - before;
  if (made !== floor) throw new Error(`${made} calls, ${floor} are the fewest`);
  await aws.close();
  tell({
    what: `check --live, ${order}`,
    reference: 'the fewest calls, 8 at once, 40 ms each',
    unit: 's',
    goal: 1.25,
    ours: ours.wallSeconds,
    theirs,
  });
}
