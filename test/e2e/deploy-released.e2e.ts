import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type CollectionTag, type ScalarTag, type YAMLSeq } from 'yaml';
import { uploadZip } from './deploy/assembly.ts';
import { sidsIn } from './deploy/flow-logs.ts';
import { deployable } from './deploy/known.ts';
import { resourcesIn } from './deploy/left.ts';
import { describeDeployed, inHaste, startCloud, type Cloud } from './deploy/ministack.ts';
import {
  created,
  judged,
  makeFlowLogs,
  runbook,
  stepsOf,
  type Deployed,
} from './deploy/one-account.ts';
import { createStack, type Place, type Template } from './deploy/stacks.ts';

// The released template and zip files, without the CDK: `aws s3 cp` and `aws cloudformation deploy`, in an emulator.

const release = 'release';
const ruleName = 'flow-log-key-allows-delivery';

const functions = 'GetAtt Sub If Equals Not And Or Join Split Select'.split(' ');

/** The short forms of CloudFormation's functions. */
const shortForms = ['Ref', ...functions].flatMap((name): (ScalarTag | CollectionTag)[] => {
  const key = name === 'Ref' ? name : `Fn::${name}`;
  const tag = `!${name}`;
  const ofList = (list: unknown): object => ({ [key]: (list as YAMLSeq).toJSON() });
  return [
    { tag, resolve: (text: string) => ({ [key]: text }) },
    { tag, collection: 'seq', resolve: ofList },
  ];
});

describeDeployed('the released template', () => {
  let cloud: Cloud;
  let template: Template;
  beforeAll(async () => {
    execFileSync('npx', ['tsx', 'infra/release/release.ts']);
    const text = readFileSync(join(release, 'flow-log-key-rule.template.yaml'), 'utf8');
    template = parse(text, { customTags: shortForms }) as Template;
    cloud = await startCloud([ruleName, 'second'], inHaste);
  });
  afterAll(() => cloud.stop());

  /** Copies the zip files into a bucket and creates a stack, as docs say. */
  async function deploy(
    place: Place,
    { name, ...given }: { readonly name: string; readonly [parameter: string]: string },
  ): Promise<Deployed> {
    const Bucket = `code-${place.accountId}`;
    const zips = readdirSync(release).filter((each) => each.endsWith('.zip'));
    for (const zip of zips)
      await uploadZip(place, { file: join(release, zip), Bucket, Key: `v1/${zip}` });
    const parameters = { CodeBucket: Bucket, CodePrefix: 'v1/', ...given };
    const { stack, lacking } = await deployable(place, { name, template, parameters });
    const ids = await createStack(place, stack);
    return created({ place, name, template, lacking, ids });
  }

  it('judges, and a second copy too, by a name of its own', async () => {
    const place = { cloud, accountId: '111122223333' };
    const flowLogs = await makeFlowLogs(place);
    const copies = [
      await deploy(place, { name: 'FlowLogKeyRule' }),
      await deploy(place, { name: 'second', RuleName: 'second' }),
    ];
    for (const copy of copies) {
      expect(copy.lacking).toEqual({
        'AWS::Config::ConfigRule': 1,
        'AWS::CloudWatch::Alarm with an expression': 3,
      });
      expect(await copy.judge(flowLogs)).toEqual(judged);
    }
    for (const copy of copies) await copy.remove();
    expect(Object.keys(await resourcesIn(place))).toEqual(['logGroups']);
  });

  it('mends and takes back', async () => {
    const place = { cloud, accountId: '444455556666' };
    const options = { Remediation: 'manual', RemediationEveryKey: 'true', Hook: 'warn' };
    const deployed = await deploy(place, { name: 'rule', ...options });
    expect(deployed.lacking).toEqual({
      'AWS::CloudFormation::LambdaHook': 1,
      'AWS::Config::ConfigRule': 1,
      'AWS::Config::RemediationConfiguration': 1,
      'AWS::SSM::Document': 2,
      'AWS::CloudWatch::Alarm with an expression': 4,
    });
    const flowLogs = await makeFlowLogs(place);
    const { flowLogId: FlowLogId, keyArn } = flowLogs.refuses;
    expect(stepsOf(await runbook(deployed, 'mend', { id: 'mend-1', FlowLogId }))).toBe(
      'Plan Decide Mend Check Done Success',
    );
    expect(await deployed.judge(flowLogs)).toEqual({ ...judged, refuses: judged.admits });
    const back = { id: 'back-1', ExecutionId: 'mend-1' };
    expect(stepsOf(await runbook(deployed, 'take-back', back))).toBe(
      'Plan Decide TakeBack Check Done Success',
    );
    expect(await sidsIn(place, keyArn)).toEqual(['Root']);
  });
});
