import fc from 'fast-check';
import { checks } from '../../rule/judge/decide.ts';
import { decideOnce, likenessOf } from '../../rule/judge/decide-once.ts';
import { missing, unknown, type Facts } from '../../rule/model/facts.ts';
import type { Question } from '../../rule/model/question.ts';
import { offerFor } from '../../rule/remedy/remedy.ts';
import {
  account,
  archive,
  bucket,
  deny,
  flowLog,
  grant,
  key,
  policy,
  question,
  world,
} from '../world.ts';

const wanted = (pattern: string) => ({
  kind: 'policy' as const,
  document: {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: '*',
        Resource: pattern,
      },
    ],
  },
});
const ofVpcs = wanted(`arn:aws:s3:::${bucket.name}/*/vpcflowlogs/*`);
const buckets: readonly Facts['bucket'][] = [
  bucket,
  { ...bucket, policy: ofVpcs },
  { ...bucket, policy: ofVpcs, capturedAt: 50 },
  { ...bucket, policy: wanted(`arn:aws:s3:::${bucket.name}/aws-account-id=*`) },
  { ...bucket, encryption: unknown('encryption is not known') },
  missing('no such bucket'),
  unknown('bucket is not known'),
];
const keys: readonly Facts['key'][] = [
  key,
  { ...key, policy: policy() },
  { ...key, policy: policy(deny) },
  {
    ...key,
    policy: policy({ ...grant, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-1' } } }),
  },
  unknown('key is not known'),
];
const exemption = (pattern: object) => ({
  expires: '2999-01-01',
  owner: 'network',
  reason: 'moves',
  pattern,
});
const questions: readonly Question[] = [
  question,
  { ...question, alsoCheck: ['bucket-policy', 'customer-key'] as const },
  { ...question, exemptions: [exemption({ flowLog: 'fl-1*' })] },
  { ...question, exemptions: [exemption({ tag: { name: 'team', value: 'a' } })] },
];

/** Facts from few values each, so that many facts are alike in all but one value. */
const someFacts: fc.Arbitrary<Facts> = fc.record({
  flowLog: fc.record({
    id: fc.constantFrom('fl-10000000', 'fl-20000000'),
    accountId: fc.constantFrom(account, archive),
    region: fc.constantFrom(flowLog.region, 'eu-west-1'),
    partition: fc.constantFrom('aws', 'aws-iso'),
    resourceId: fc.constantFrom('vpc-1', 'vpc-2', 'tgw-1'),
    destination: fc.constantFrom(
      flowLog.destination,
      { kind: 's3' as const, bucket: bucket.name, folder: 'network' },
      { kind: 'elsewhere' as const, type: 'cloud-watch-logs' },
      unknown('destination is not known'),
    ),
    tags: fc.constantFrom({}, { team: 'a' }),
    hivePrefixes: fc.constantFrom(true, false, undefined),
    observed: fc.constantFrom(
      flowLog.observed,
      { status: 'FAILED', error: undefined },
      { status: 'FAILED', error: 'Access error' },
    ),
    capturedAt: fc.constantFrom(undefined, 10, 90),
    createdAt: fc.constantFrom(undefined, 10, 90),
  }),
  bucket: fc.constantFrom(...buckets),
  key: fc.constantFrom(...keys),
  grants: fc.constantFrom(undefined, { kind: 'grants' as const, grants: [], isWhole: false }),
  organization: fc.constantFrom(undefined, missing('no organization'), {
    kind: 'organization' as const,
    id: 'o-a1b2c3d4e5',
  }),
}) as fc.Arbitrary<Facts>;

/** The facts, and the facts with one value of the others. */
const changedByOne = (facts: Facts, others: Facts): readonly Facts[] => [
  facts,
  ...Object.entries(others.flowLog).map(([name, value]: [string, unknown]) => ({
    ...facts,
    flowLog: { ...facts.flowLog, [name]: value },
  })),
  ...Object.entries(others).map(([name, value]: [string, unknown]) => ({
    ...facts,
    [name]: value,
  })),
];

/** The answers of the checks to the facts themselves, with nothing blank. */
const answersTo = (facts: Facts, asked: Question) =>
  checks.flatMap(({ code: check, look }) => {
    const answer = look(facts, asked);
    if (answer === undefined) return [];
    const { outcome, what, next, advice = [] } = answer;
    return [{ finding: { check, outcome, next }, what, advice }];
  });

/** The part of an offer that a report shows. */
function offered(facts: Facts, asked: Question): object {
  const offer = offerFor(facts, asked);
  return offer.kind === 'remedy' ? { statement: offer.remedy.statement } : offer;
}

test('a shared verdict is the verdict on the facts themselves', () => {
  const offers = new Map<string, object>();
  let shared = 0;
  fc.assert(
    fc.property(someFacts, someFacts, fc.nat(questions.length - 1), (facts, others, at) => {
      const asked = questions[at] ?? question;
      for (const each of changedByOne(facts, others)) {
        const answers = answersTo(each, asked);
        if (answers.length === 0) continue;
        const { findings, advice } = decideOnce(each, asked);
        expect(findings).toMatchObject(answers.map(({ finding }) => finding));
        for (const [index, { what }] of answers.entries())
          expect(findings[index]?.message.startsWith(what)).toBe(true);
        expect(advice).toEqual(answers.flatMap((answer) => answer.advice));
        const offer = offered(each, asked);
        const name = `${at} ${likenessOf(each, asked)}`;
        if (offers.has(name)) shared++;
        expect(offer).toEqual(offers.get(name) ?? offer);
        offers.set(name, offer);
      }
    }),
    { numRuns: 200 },
  );
  expect(shared).toBeGreaterThan(100);
});

test('flow logs that differ in id, time, tags and resource of one kind share one verdict', () => {
  const changed = { id: 'fl-99999999', resourceId: 'vpc-9', createdAt: 7, tags: { team: 'a' } };
  const other = { ...world, flowLog: { ...flowLog, ...changed } };
  expect(decideOnce(other, question)).toBe(decideOnce(world, question));
});
