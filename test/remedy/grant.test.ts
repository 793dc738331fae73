import fc from 'fast-check';
import { keyRequests } from '../../rule/judge/key-request.ts';
import type { FlowLog } from '../../rule/model/facts.ts';
import type { Question } from '../../rule/model/question.ts';
import { grantFor, statementOf, type Grant } from '../../rule/remedy/grant.ts';
import { merge } from '../../rule/remedy/merge.ts';
import { withdraw, type Withdrawal } from '../../rule/remedy/withdraw.ts';
import { statementsOf, type Document } from '../../rule/policy/document.ts';
import type { Layer } from '../../rule/policy/context.ts';
import { absent, present, type Known } from '../../rule/policy/known.ts';
import { compilePolicy, decisionOf } from '../../rule/policy/policy.ts';
import { canonical } from '../../rule/policy/canonical.ts';
import type { Request } from '../../rule/policy/request.ts';
import {
  fewFlowLogs,
  flowLogIn,
  flowLogs,
  foreignPolicies,
  keyPolicies,
} from '../policy/key-policies.ts';
import { pick } from '../policy/random.ts';
import { account, archive, bucket, flowLog, key, policy, question } from '../world.ts';

const stranger = '999900001111';
const organizationId = 'o-a1b2c3d4e5';
const forFlowLogs = (...admitted: readonly FlowLog[]): Grant => grantFor(admitted, question);
const forOrganization: Grant = {
  ...forFlowLogs(),
  admitted: { kind: 'organization', organizationId },
};

/** Puts a grant into a policy; all policies of these tests have statements. */
function merged(document: unknown, grant: Grant) {
  const result = merge(document, grant);
  if (result === undefined) throw new Error('no policy');
  return result;
}

/** More in a long run: `MERGE_RUNS=200000 npx jest test/remedy/grant`. */
const runs = { numRuns: Number(process.env.MERGE_RUNS ?? 500) };

describe('a policy that grants more', () => {
  it('answers the requests of everybody else as before', () => {
    fc.assert(
      fc.property(keyPolicies, flowLogs, elses, (before, granted, ask) => {
        const request = ask(granted);
        fc.pre(request !== undefined);
        const { document: after } = merged(before, forFlowLogs(granted));
        const said = (document: Document) => decisionOf(compilePolicy(document), request).outcome;
        expect(said(after)).toBe(said(before));
      }),
      { numRuns: 5000 },
    );
  });

  const grants = fc.oneof(
    fewFlowLogs.map((some) => forFlowLogs(...some)),
    pick(forOrganization),
  );

  it('has every other statement as it was and where it was, and all that is beside them', () => {
    fc.assert(
      fc.property(keyPolicies, grants, (before, grant) => {
        const { document: after, statement, replaces } = merged(before, grant);
        const stood = statementsOf(before);
        const stand = statementsOf(after);
        const at = replaces ? stand.indexOf(statement) : stood.length;
        if (replaces) expect(stood[at]).toMatchObject({ Sid: statement.Sid, Effect: 'Allow' });
        expect(stand).toEqual(stood.toSpliced(at, 1, statement));
        expect({ ...after, Statement: 0 }).toEqual({ ...before, Statement: 0 });
      }),
      runs,
    );
  });

  it('has one statement of ours, the same in whatever order it grew', () => {
    fc.assert(
      fc.property(foreignPolicies, fewFlowLogs, (before, some) => {
        const atOnce = merged(before, forFlowLogs(...some)).document;
        const grown = some.reduce(
          (document: Document, each) => merged(document, forFlowLogs(each)).document,
          before,
        );
        expect(canonical(grown)).toBe(canonical(atOnce));
        expect(statementsOf(grown)).toHaveLength(statementsOf(before).length + 1);
      }),
      runs,
    );
  });

  it.each<[string, fc.Arbitrary<Grant>]>([
    ['flow logs', fewFlowLogs.map((some) => forFlowLogs(...some))],
    ['an organization', pick(forOrganization)],
  ])('to %s is the same when it grants that twice', (_, grants) => {
    fc.assert(
      fc.property(keyPolicies, grants, (before, grant) => {
        const once = merged(before, grant).document;
        expect(canonical(merged(once, grant).document)).toBe(canonical(once));
      }),
      runs,
    );
  });

  it('is none where there was no policy', () => {
    const none = [undefined, null, 'x', [], {}, { Version: '2012-10-17' }];
    expect(none.map((each) => merge(each, forOrganization))).toEqual(none.map(() => undefined));
  });
});

/** Requests of other callers, or for other actions; undefined where the request is the granted delivery itself. */
const elses: fc.Arbitrary<(granted: FlowLog) => Request | undefined> = fc
  .record({
    action: pick('kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey', 'kms:PutKeyPolicy'),
    other: flowLogs,
    kind: pick<Kind>('elsewhere', 'elsewhere', 'service', 'person', 'no source', 'other source'),
    who: pick('s3.amazonaws.com', 'vpc-flow-logs.amazonaws.com', 'delivery.logs.amazonaws.com.cn'),
    asked: pick<Question>(question, { ...question, organizationId }),
  })
  .map(({ action, other, kind, who, asked }) => (granted: FlowLog): Request | undefined => {
    const of = (flowLog: FlowLog) => keyRequests({ flowLog, bucket, key }, asked)(action);
    const its = of(granted);
    const withSource = (account: Known, arn: Known): Request => ({
      ...its,
      context: [{ 'aws:SourceAccount': account, 'aws:SourceArn': arn }, its.context].flat(),
    });
    switch (kind) {
      case 'elsewhere': {
        const same = other.accountId === granted.accountId && other.region === granted.region;
        return same && action !== 'kms:PutKeyPolicy' ? undefined : of(other);
      }
      case 'service':
        return { ...its, service: who };
      case 'person': {
        const arn = `arn:aws:iam::${other.accountId}:role/admin`;
        const person: Layer = {
          'aws:PrincipalIsAWSService': present(false),
          'aws:PrincipalArn': present(arn),
          'aws:PrincipalOrgID': present(organizationId),
        };
        const context = [person, withSource(absent, absent).context].flat();
        return { ...its, service: arn, context };
      }
      case 'no source':
        return withSource(absent, absent);
      case 'other source':
        return withSource(present(granted.accountId), present('arn:aws:s3:::example'));
    }
  });
type Kind = 'elsewhere' | 'service' | 'person' | 'no source' | 'other source';

describe('our statement', () => {
  const ours = statementOf(forFlowLogs(flowLogIn(archive, 'eu-west-1'), flowLog));
  const alone = statementOf(forFlowLogs(flowLog));
  const next = flowLogIn('777788889999', 'us-east-1');
  const guard = { Sid: 'Guard', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };
  const conditionOf = (element: object) => ({ ...ours, Condition: element });
  const { StringEquals, ArnLike } = ours.Condition;
  const arns = ['arn:aws:logs:eu-west-1:444455556666:*', 'arn:aws:logs:us-east-1:111122223333:*'];

  it.each<[string, object, readonly FlowLog[]]>([
    ['as we wrote it', ours, [flowLogIn(archive, 'eu-west-1'), flowLog]],
    ['for one flow log', alone, [flowLog]],
    [
      'with its lists in another order',
      {
        ...conditionOf({
          StringEquals: { 'aws:SourceAccount': [archive, account] },
          ArnLike: { 'aws:SourceArn': arns },
        }),
        Action: [...ours.Action].reverse(),
      },
      [flowLogIn(archive, 'eu-west-1'), flowLog],
    ],
    [
      'with its names in another order',
      Object.fromEntries(Object.entries(ours).reverse()),
      [flowLogIn(archive, 'eu-west-1'), flowLog],
    ],
    [
      'with lists of one',
      {
        ...alone,
        Principal: { Service: ['delivery.logs.amazonaws.com'] },
        Resource: ['*'],
        Condition: {
          StringEquals: { 'aws:SourceAccount': [account] },
          ArnLike: { 'aws:SourceArn': [`arn:aws:logs:us-east-1:${account}:*`] },
        },
      },
      [flowLog],
    ],
    [
      'under a name with a number',
      { ...ours, Sid: 'FlowLogKeyRule12' },
      [flowLogIn(archive, 'eu-west-1'), flowLog],
    ],
  ])('grows in its place: %s', (_, stored, before) => {
    const { document: was } = policy(stored, guard);
    const { document, statement, replaces } = merged(was, forFlowLogs(next));
    const { Sid } = stored as typeof ours;
    expect(replaces).toBe(true);
    expect(statement).toEqual(statementOf(forFlowLogs(...before, next), Sid));
    expect(statementsOf(document)).toEqual(was.Statement.with(1, statement));
  });

  const changes: readonly [string, object][] = [
    ['an action more', { ...ours, Action: [...ours.Action, 'kms:CreateGrant'] }],
    ['an action less', { ...ours, Action: ours.Action.slice(1) }],
    ['another principal', { ...ours, Principal: { Service: 's3.amazonaws.com' } }],
    ['a principal more', { ...ours, Principal: { ...ours.Principal, AWS: archive } }],
    ['another effect', { ...ours, Effect: 'Deny' }],
    ['another resource', { ...ours, Resource: key.arn }],
    ['another operator', conditionOf({ StringEquals, ArnEquals: ArnLike })],
    ['another operator for the account', conditionOf({ StringLike: StringEquals, ArnLike })],
    [
      'a condition more',
      conditionOf({ ...ours.Condition, Bool: { 'aws:SecureTransport': 'true' } }),
    ],
    [
      'a key more',
      conditionOf({
        StringEquals: { ...StringEquals, 'aws:SourceOrgID': organizationId },
        ArnLike,
      }),
    ],
    ['no account', conditionOf({ ArnLike })],
    ['no ARN', conditionOf({ StringEquals })],
    ['an element more', { ...ours, NotAction: 'kms:PutKeyPolicy' }],
    [
      'every Region',
      {
        ...alone,
        Condition: {
          ...alone.Condition,
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:*:${account}:*` },
        },
      },
    ],
    [
      'a Region that is a pattern beside one that is none',
      conditionOf({
        StringEquals,
        ArnLike: { 'aws:SourceArn': [...arns, `arn:aws:logs:us-*:${account}:*`] },
      }),
    ],
    [
      'an account without an ARN',
      conditionOf({
        StringEquals: { 'aws:SourceAccount': [account, archive, stranger] },
        ArnLike,
      }),
    ],
    [
      'an ARN without an account',
      conditionOf({ StringEquals: { 'aws:SourceAccount': account }, ArnLike }),
    ],
    ['a value that is no text', conditionOf({ StringEquals, ArnLike: { 'aws:SourceArn': [7] } })],
  ];
  const renamed: typeof changes = [
    ['another name', { ...ours, Sid: 'Delivery' }],
    ['a name that only begins like ours', { ...ours, Sid: 'FlowLogKeyRules' }],
    ['no name', Object.fromEntries(Object.entries(ours).slice(1))],
  ];
  it.each([
    ...changes.map(([name, changed]) => [name, changed, 'FlowLogKeyRule2'] as const),
    ...renamed.map(([name, changed]) => [name, changed, 'FlowLogKeyRule'] as const),
  ])('is left alone and another added, changed to %s', (_, changed, sid) => {
    const { document: was } = policy(changed, guard);
    const { document, statement, replaces } = merged(was, forFlowLogs(next));
    expect(replaces).toBe(false);
    expect(statement).toEqual(statementOf(forFlowLogs(next), sid));
    expect(statementsOf(document)).toEqual([...was.Statement, statement]);
  });

  it('takes the first number that is free', () => {
    const names = ['FlowLogKeyRule', 'FlowLogKeyRule3', 'FlowLogKeyRule2'];
    const { document } = policy(...names.map((Sid) => ({ ...guard, Sid })));
    expect(merged(document, forFlowLogs(next)).statement.Sid).toBe('FlowLogKeyRule4');
  });

  it('for an organization stands beside the one for flow logs, with nothing but the organization', () => {
    const { document: was } = policy(ours);
    const { document, statement, replaces } = merged(was, forOrganization);
    expect(replaces).toBe(false);
    expect(statement).toEqual({
      ...ours,
      Sid: 'FlowLogKeyRule2',
      Condition: { StringEquals: { 'aws:SourceOrgID': organizationId } },
    });
    expect(statementsOf(document)).toEqual([...was.Statement, statement]);
  });

  it('for flow logs stands beside the one for an organization', () => {
    const { document: was } = policy(statementOf(forOrganization));
    const { statement, replaces } = merged(was, forFlowLogs(next));
    expect([statement.Sid, replaces]).toEqual(['FlowLogKeyRule2', false]);
  });
});

describe('what is withdrawn', () => {
  const strangers = fc
    .shuffledSubarray(['us-east-1', 'eu-west-1', 'cn-north-1'], { minLength: 1 })
    .map((regions) => regions.map((region) => flowLogIn(stranger, region)));
  const unheld = fc.oneof(
    strangers.map((some) => forFlowLogs(...some)),
    pick(forOrganization),
  );
  /** True if a single statement has the Sid: only then can the statement be withdrawn. */
  const once = (document: Document, sid: string) =>
    statementsOf(document).filter((each) => (each as { Sid?: unknown } | null)?.Sid === sid)
      .length === 1;

  it('leaves what was there before it was granted', () => {
    fc.assert(
      fc.property(keyPolicies, unheld, (before, grant) => {
        const { document, statement } = merged(before, grant);
        fc.pre(once(document, statement.Sid));
        const left = withdraw(document, { sid: statement.Sid, grant });
        expect(canonical(left)).toBe(canonical({ kind: 'withdrawn', document: before }));
      }),
      runs,
    );
  });

  it('leaves what was granted to others since', () => {
    fc.assert(
      fc.property(keyPolicies, strangers, fewFlowLogs, (before, first, others) => {
        const grant = forFlowLogs(...first);
        const { document: then, statement } = merged(before, grant);
        const { document: now } = merged(then, forFlowLogs(...others));
        fc.pre(once(now, statement.Sid));
        const left = withdraw(now, { sid: statement.Sid, grant });
        const without = merged(before, forFlowLogs(...others)).document;
        expect(canonical(left)).toBe(canonical({ kind: 'withdrawn', document: without }));
      }),
      runs,
    );
  });

  it('is gone the second time', () => {
    fc.assert(
      fc.property(keyPolicies, unheld, (before, grant) => {
        const { document, statement, replaces } = merged(before, grant);
        fc.pre(!replaces && once(document, statement.Sid));
        const left = withdraw(document, { sid: statement.Sid, grant });
        const again = left.kind === 'withdrawn' ? left.document : undefined;
        expect(withdraw(again, { sid: statement.Sid, grant })).toEqual({ kind: 'gone' });
      }),
      runs,
    );
  });

  it('leaves what others wrote or took out since, wherever they did', () => {
    const places = fc.nat({ max: 8 });
    fc.assert(
      fc.property(keyPolicies, unheld, places, places, (before, grant, from, to) => {
        const { document, statement, replaces } = merged(before, grant);
        fc.pre(!replaces && once(document, statement.Sid));
        const stood = statementsOf(before);
        const late = { Sid: 'Late', Effect: 'Deny', Principal: '*', Action: 'kms:Put*' };
        const edited = stood.toSpliced(from, 1).toSpliced(to, 0, late);
        const at = Math.min(to, edited.length);
        const now = { ...document, Statement: edited.toSpliced(at, 0, statement) };
        const left = withdraw(now, { sid: statement.Sid, grant });
        const without = { ...before, Statement: edited };
        expect(left).toEqual({ kind: 'withdrawn', document: without });
      }),
      runs,
    );
  });

  const grant = forFlowLogs(flowLog);
  const ours = statementOf(grant);
  const others = forFlowLogs(flowLogIn(archive, 'us-east-1'));
  const org = statementOf(forOrganization, 'FlowLogKeyRule2');
  const { StringEquals, ArnLike } = ours.Condition;
  const left = (grant: Grant, ...statements: readonly object[]) =>
    withdraw(policy(...statements).document, { sid: 'FlowLogKeyRule', grant });

  it.each<[string, Grant, readonly object[], Withdrawal['kind']]>([
    ['the statement is not there', grant, [], 'gone'],
    ['the statement of the organization is not there', forOrganization, [], 'gone'],
    ['the flow log is not in the statement', grant, [statementOf(others)], 'gone'],
    ['the statement has another name', grant, [{ ...ours, Sid: 'Delivery' }], 'gone'],
    ['the actions were changed', grant, [{ ...ours, Action: ['kms:Decrypt'] }], 'edited'],
    ['the effect was changed', grant, [{ ...ours, Effect: 'Deny' }], 'edited'],
    ['the principal was changed', grant, [{ ...ours, Principal: '*' }], 'edited'],
    [
      'the operator was changed',
      grant,
      [{ ...ours, Condition: { StringEquals, ArnEquals: ArnLike } }],
      'edited',
    ],
    ['a condition was taken out', grant, [{ ...ours, Condition: { StringEquals } }], 'edited'],
    ['an element was added', grant, [{ ...ours, NotAction: 'kms:Put*' }], 'edited'],
    ['it is for an organization now', grant, [statementOf(forOrganization)], 'edited'],
    ['it is for flow logs now', forOrganization, [ours], 'edited'],
    [
      'it is for another organization now',
      forOrganization,
      [
        {
          ...statementOf(forOrganization),
          Condition: { StringEquals: { 'aws:SourceOrgID': 'o-f6g7h8i9j0' } },
        },
      ],
      'edited',
    ],
    ['another statement has its name', grant, [ours, { ...ours, Effect: 'Deny' }], 'edited'],
  ])('is nothing where %s', (_, grant, statements, answer) => {
    expect(left(grant, ...statements)).toEqual({ kind: answer });
  });

  it('is nothing where there is no policy', () => {
    expect(withdraw({ Version: '2012-10-17' }, { sid: 'FlowLogKeyRule', grant })).toEqual({
      kind: 'edited',
    });
  });

  it('goes with its statement, or leaves the others in it', () => {
    expect(left(grant, ours, org)).toEqual({ kind: 'withdrawn', document: policy(org).document });
    const both = statementOf(forFlowLogs(flowLog, flowLogIn(archive, 'us-east-1')));
    expect(left(grant, both, org)).toEqual({
      kind: 'withdrawn',
      document: policy(statementOf(others), org).document,
    });
  });
});
