/** Measures the reader of policies beside `JSON.parse` of a policy: a decision, the compilation, and both for a new policy. */
import { keyRequests } from '../rule/judge/key-request.ts';
import { compilePolicy, decisionOf } from '../rule/policy/policy.ts';
import type { Request } from '../rule/policy/request.ts';
import { account, bucket, flowLog, grant, key, policy, question } from '../test/world.ts';
import { median, tell } from './results.ts';

const COUNT = 5_000;
const ROUNDS = 7;

const members = Array.from({ length: 3 }, (_, n) => String(100_000_000_000 + n));
const others = Array.from({ length: 8 }, (_, n) => ({
  ...grant,
  Sid: `Statement${n}`,
  Effect: n === 6 ? 'Deny' : 'Allow',
  Principal:
    n % 2 === 0
      ? { Service: ['cloudtrail.amazonaws.com', 'logs.us-east-1.amazonaws.com'] }
      : { AWS: `arn:aws:iam::${account}:role/role-${n}` },
}));
const { document } = policy(...others, {
  ...grant,
  Condition: {
    StringEquals: { 'aws:SourceAccount': members },
    ArnLike: { 'aws:SourceArn': members.map((each) => `arn:aws:logs:us-east-1:${each}:*`) },
  },
});
const text = JSON.stringify(document);
const compiled = compilePolicy(document);

/** Microseconds of CPU for each of many. */
function microseconds(work: (nth: number) => unknown): number {
  const before = process.cpuUsage();
  for (let nth = 0; nth < COUNT; nth++) work(nth);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / COUNT;
}

// Every request has a new value of a condition key that the policy names: no answer is remembered.
const requests = Array.from({ length: COUNT * ROUNDS }, (_, n) =>
  keyRequests(
    { flowLog: { ...flowLog, accountId: String(200_000_000_000 + n) }, bucket, key },
    question,
  )('kms:Decrypt'),
);
const [request] = requests as [Request];
const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
  parse: microseconds(() => JSON.parse(text) as unknown),
  decision: microseconds((nth) => {
    const request = requests[round * COUNT + nth];
    return request && decisionOf(compiled, request);
  }),
  compile: microseconds(() => compilePolicy({ ...document })),
  first: microseconds(() => decisionOf(compilePolicy({ ...document }), request)),
}));
// The first rounds are warm-up.
const medianOf = (name: keyof (typeof rounds)[number]): number =>
  median(rounds.slice(2).map((each) => each[name]));
const theirs = medianOf('parse');
const reference = 'JSON.parse of its text';
const rows = [
  ['one decision of a compiled policy with 10 statements, with a new value', 1, 'decision'],
  ['compilation of the policy', 5, 'compile'],
  ['compilation of the policy, and its first decision', 6, 'first'],
] as const;
for (const [what, goal, name] of rows)
  tell({ what, reference, unit: 'us', goal, ours: medianOf(name), theirs });
