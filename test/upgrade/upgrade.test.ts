import { collisionsIn, lostIn, statefulIn } from './replacement.ts';
import {
  templatesBefore,
  templatesNow,
  variants,
  type Template,
  type Variant,
} from './templates.ts';

/** CDK's own validation takes most of the time, and other tests have it. */
const validation = process.env.CDK_VALIDATION;
beforeAll(() => {
  process.env.CDK_VALIDATION = 'false';
});
afterAll(() => {
  if (validation === undefined) delete process.env.CDK_VALIDATION;
  else process.env.CDK_VALIDATION = validation;
});

/** The alarm Errors became EventsDropped: one failed try is no lost event. */
const errors = (id: string): string =>
  `AWS::CloudWatch::Alarm ${id}MonitoringAlarmsErrors: removed`;
const oneAccount = { FlowLogKeyRule: [errors('FlowLogKeyRule')] };

/** All that an update removes or makes anew. */
const lost: Readonly<Record<Variant, Readonly<Record<string, readonly string[]>>>> = {
  default: oneAccount,
  remediation: oneAccount,
  pack: oneAccount,
  findings: { ...oneAccount, FlowLogKeyRuleSecurityHub: [] },
  organization: {
    'FlowLogKeyRuleCentral-eu-west-1': [errors('')],
    'FlowLogKeyRuleCentral-us-east-1': [errors('')],
    FlowLogKeyRuleMembers: [],
    FlowLogKeyRuleMember: [],
  },
};

const none: Template = { Resources: {} };

describe.each(Object.keys(variants) as Variant[])('an update of a deployment: %s', (variant) => {
  const before = templatesBefore(variant);
  let now: Readonly<Record<string, Template>>;
  beforeAll(() => {
    now = templatesNow(variant);
  });

  it('has the same stacks', () => {
    expect(Object.keys(now).sort()).toEqual(Object.keys(before).sort());
  });

  it('loses nothing that holds state, and of the rest what is named', () => {
    const found = Object.entries(before).map(([stack, template]): [string, readonly string[]] => [
      stack,
      lostIn({ before: template, now: now[stack] ?? none }),
    ]);
    expect(Object.fromEntries(found)).toEqual(lost[variant]);
    const kept = Object.values(before).flatMap(statefulIn);
    const gone = found.flatMap(([, each]) => each.map((line) => line.split(':')[0]));
    expect(kept.filter((each) => gone.includes(each))).toEqual([]);
  });

  it('gives no name to two resources at a time', () => {
    for (const [stack, template] of Object.entries(before))
      expect([stack, collisionsIn({ before: template, now: now[stack] ?? none })]).toEqual([
        stack,
        [],
      ]);
  });

  it('keeps tables and log groups of a removed stack as before', () => {
    const policies = (template: Template): unknown =>
      Object.entries(template.Resources)
        .filter(([, { Type }]) => /Table|LogGroup/.test(Type))
        .map(([id, { DeletionPolicy = '', UpdateReplacePolicy }]) => [
          id,
          DeletionPolicy.replace('ExceptOnCreate', ''),
          UpdateReplacePolicy,
        ]);
    for (const [stack, template] of Object.entries(before))
      expect(policies(now[stack] ?? none)).toEqual(
        expect.arrayContaining(policies(template) as unknown[]),
      );
  });
});

describe('what an update would lose is found', () => {
  const table = (id: string, key: string): Template => ({
    Resources: {
      [id]: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'leases', KeySchema: [key] } },
    },
  });

  it.each([
    ['the same', table('Table', 'id'), [], []],
    [
      'another logical id',
      table('Other', 'id'),
      ['AWS::DynamoDB::Table Table: removed'],
      ['AWS::DynamoDB::Table "leases": Table and Other'],
    ],
    [
      'another key',
      table('Table', 'key'),
      ['AWS::DynamoDB::Table Table: other KeySchema'],
      ['AWS::DynamoDB::Table "leases": Table and Table'],
    ],
  ])('%s', (_, now, losses, collisions) => {
    const update = { before: table('Table', 'id'), now };
    expect([lostIn(update), collisionsIn(update)]).toEqual([losses, collisions]);
  });
});
