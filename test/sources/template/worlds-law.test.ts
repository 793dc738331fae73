import fc from 'fast-check';
import { explore } from '../../../rule/judge/explore.ts';
import { inFolder, judgeAll, judgeFiles, type Files } from './judged.ts';
import { network } from './network.ts';
import { readTemplates } from '../../../rule/sources/template/source.ts';

const accounts = ['111122223333', '111100002222', '444455556666', '999988887777'];
const regions = ['us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'];
const values = ['prod', 'delivery', 'us-east-1', 'qq', '*', '1111*', '444455556666', 'eu-*'];

const accountText = fc.constantFrom(
  "'111122223333'",
  "'1111*'",
  "'*2222'",
  "'4444????6666'",
  "'*'",
  '!Ref AWS::AccountId',
  '!Ref P',
  '!FindInMap [M, !Ref AWS::Region, A]',
);
const arnText = fc.constantFrom(
  "'arn:aws:logs:eu-*:*'",
  "'arn:aws:logs:*-1:*'",
  "!Sub 'arn:aws:logs:${AWS::Region}:*'",
  "!Sub 'arn:aws:logs:${P}:${AWS::AccountId}:*'",
  "'arn:aws:logs:*:1111*'",
);
const condition = fc.oneof(
  fc
    .tuple(fc.constantFrom('StringLike', 'StringNotLike', 'StringEquals'), accountText)
    .map(([operator, text]) => `{${operator}: {'aws:SourceAccount': ${text}}}`),
  fc
    .tuple(fc.constantFrom('ArnLike', 'ArnNotLike'), arnText)
    .map(([operator, text]) => `{${operator}: {'aws:SourceArn': ${text}}}`),
);
const principal = fc.constantFrom(
  '{Service: delivery.logs.amazonaws.com}',
  "{Service: !Sub '${P}.logs.amazonaws.com'}",
  '{Service: !If [IsProd, delivery.logs.amazonaws.com, x.amazonaws.com]}',
);
const template = fc
  .record({
    principal,
    own: fc.option(condition),
    deny: fc.option(condition),
    chosen: fc.constantFrom('IsProd', 'IsHere', 'IsEast', 'IsBoth'),
    isNamed: fc.boolean(),
  })
  .map(({ principal: who, own, deny, chosen, isNamed }) =>
    network({
      head: `Parameters: {P: {Type: String}}
Mappings: {M: {us-east-1: {A: '111122223333'}, eu-west-1: {A: '444455556666'}, eu-central-1: {A: '1'}, ap-southeast-2: {A: '2'}}}
Conditions:
  IsProd: !Equals [!Ref P, prod]
  IsHere: !Equals [!Ref AWS::AccountId, '444455556666']
  IsEast: !Equals [!Ref AWS::Region, us-east-1]
  IsBoth: !Or [!Condition IsEast, !And [!Condition IsProd, !Not [!Condition IsHere]]]`,
      principal: who,
      statement: own === null ? '' : `Condition: ${own}`,
      bucket: isNamed ? "BucketName: !Sub 'logs-${AWS::AccountId}-${P}'" : '',
      more:
        deny === null
          ? ''
          : `- !If [${chosen}, {Effect: Deny, Principal: '*', Action: 'kms:*', Resource: '*', Condition: ${deny}}, !Ref AWS::NoValue]`,
    }),
  );

const verdictOn = (folder: string, told: Partial<Parameters<typeof readTemplates>[1]> = {}) => {
  const options = { account: undefined, region: undefined, given: {}, ...told };
  return judgeAll(readTemplates([folder], options)).FlowLog;
};

/** Account, Region and parameter of a deployment. */
const deployment = fc.record({
  account: fc.constantFrom(...accounts),
  region: fc.constantFrom(...regions),
  P: fc.constantFrom(...values),
});

it('A settled verdict on a template is the verdict of every account, Region and parameter', () => {
  const deployments = fc.array(deployment, { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(template, deployments, (text, deployed) => {
      inFolder({ 't.yaml': text }, (folder) => {
        const open = verdictOn(folder);
        expect(open?.message).not.toMatch(/(zq|qz|xq|qx|vq|qv)\d|\b9900000\d{5}/);
        if (open === undefined || open.outcome === 'unknown') return;
        for (const { account, region, P } of deployed) {
          const concrete = verdictOn(folder, { account, region, given: { P } });
          // No bucket has a name with a wildcard: such a deployment fails.
          if (concrete !== undefined && concrete.reason !== 'destination')
            expect({ account, region, P, outcome: concrete.outcome }).toMatchObject({
              outcome: open.outcome,
            });
        }
      });
    }),
    { numRuns: Number(process.env.LAW_RUNS ?? 25) },
  );
});

it.each<readonly [string, Files, number]>([
  ['one stack', { 't.yaml': network() }, 1],
  ['two stacks', { 't.yaml': network(), 'other.yaml': network() }, 4],
])('%s may be in no place but those of the stacks', (_, files, worlds) => {
  const { flowLogs } = judgeFiles(files).input;
  expect(flowLogs.map(({ factsIn }) => explore(factsIn, 100).worlds.length)).toEqual(
    flowLogs.map(() => worlds),
  );
});
