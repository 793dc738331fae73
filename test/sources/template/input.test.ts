import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTemplates } from '../../../rule/sources/template/source.ts';
import { inFolder, judgeAll, judgeFiles, type Files } from './judged.ts';
import { network } from './network.ts';

const told = { account: undefined, region: undefined, given: {} };
const good = network();
const json = JSON.stringify({
  Resources: { FlowLog: { Type: 'AWS::EC2::FlowLog', Properties: { LogGroupName: 'logs' } } },
});
const withMark = (text: string): string => `\uFEFF${text}`;
const deliverable = { 't.FlowLog': 'deliverable', 'good.FlowLog': 'deliverable' };

it.each<readonly [string, string | Buffer, object]>([
  ['UTF-16 with a byte order mark', Buffer.from(withMark(good), 'utf16le'), deliverable],
  ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), deliverable],
  [
    'UTF-16 with its bytes the other way round',
    Buffer.from(withMark(good), 'utf16le').swap16(),
    deliverable,
  ],
  ['UTF-8 with a byte order mark', withMark(good), deliverable],
  ['JSON with a byte order mark', withMark(json), { ...deliverable, 't.FlowLog': 'exempt' }],
  ['lines that end as in Windows', good.replaceAll('\n', '\r\n'), deliverable],
])('A template is read in %s', (_, content, expected) => {
  const { verdicts, problems } = judgeFiles({ 't.yaml': content, 'good.yaml': good });
  expect(problems).toEqual([]);
  expect(
    Object.fromEntries(Object.entries(verdicts).map(([id, { outcome }]) => [id, outcome])),
  ).toEqual(expected);
});

const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 7 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(10)}]`),
  'Resources: {FlowLog: {Type: AWS::EC2::FlowLog, Metadata: *a7}}',
].join('\n');

const resourceTwice = good.replace('  LogBucket:', '  LogKey:');

it.each<readonly [string, Files, RegExp]>([
  ['more than 5 MB', { 't.yaml': `${good}\n#${' '.repeat(5_000_000)}` }, /has 5 MB of YAML/],
  ['a bomb of aliases', { 't.yaml': bomb }, /repeats its aliases too often/],
  [
    'an alias without anchor',
    { 't.yaml': good.replace("'*'", '*none') },
    /alias|is not YAML, at line \d+/,
  ],
  [
    'deep nesting',
    { 't.yaml': `${good}\nX: ${'['.repeat(2000)}${']'.repeat(2000)}` },
    /nested too|is not YAML/,
  ],
  ['one name twice in YAML', { 't.yaml': resourceTwice }, /has a name twice .*, at line \d+/],
  [
    'one name twice in JSON',
    { 't.json': json.replace('{"FlowLog"', '{"FlowLog":{"Type":"AWS::EC2::FlowLog"},"FlowLog"') },
    /has the name "FlowLog" twice/,
  ],
  [
    'another document behind',
    { 't.yaml': `${good}\n---\n${good}` },
    /has more than one document, at line \d+/,
  ],
  ['broken YAML', { 't.yaml': `${good}\n  A: [` }, /is not YAML, at line \d+, column \d+/],
  ['broken JSON', { 't.json': `${json}AWS::EC2::FlowLog` }, /is not JSON, at line 1, column \d+/],
  [
    'a resource without a type',
    { 't.yaml': good.replace(/Type: AWS::KMS::Key/, 'T: x') },
    /no Type/,
  ],
  [
    'a loop over a list that is not known',
    { 't.yaml': good.replace('  LogKey:', '  Fn::ForEach::L: [N, !Ref Names, {}]\n  LogKey:') },
    /^Fn::ForEach::L repeats a list that is not known: give --parameter Names=VALUE$/,
  ],
])('A template with %s is one problem, and the rest is judged', (_, files, message) => {
  const { verdicts, problems } = judgeFiles({ ...files, 'good.yaml': good });
  expect(problems.map((each) => each.message)).toEqual([expect.stringMatching(message)]);
  expect(verdicts).toMatchObject({ FlowLog: { outcome: 'deliverable' } });
});

it.each([
  ['String', '[a, b]', 'c', 'parameter P may be a or b, not "c"'],
  ['CommaDelimitedList', '[a, b]', 'a,c', 'parameter P may be a or b, not "c"'],
  ['Number', '[1]', '2', 'parameter P may be 1, not "2"'],
  ['String, NoEcho: true', '[a, b]', 'c', 'parameter P may be a or b'],
  ['String', '[a, !Ref Q]', 'c', undefined],
  ["'AWS::SSM::Parameter::Value<String>'", '[/name]', 'c', undefined],
  ['CommaDelimitedList', '[a, b]', 'b, a', undefined],
  // YAML has many words for a flag or a number, and CloudFormation reads these.
  ['String', '[True, False]', 'true', undefined],
  ['String', '[yes, no]', 'false', undefined],
  ['Number', '[1.0, 0.10]', '0.1', undefined],
  ['Number', '[1.0, 0.10]', '2', 'parameter P may be 1.0 or 0.10, not "2"'],
])('A value of a parameter that the template does not allow: %s of %s', (...row) => {
  const [type, allowed, P, message] = row;
  const text = `Parameters: {P: {Type: ${type}, AllowedValues: ${allowed}}}\n${good}`;
  const { problems, verdicts } = judgeFiles(
    { 't.yaml': text, 'good.yaml': good },
    { given: { P } },
  );
  expect(problems.map((each) => each.message)).toEqual(message === undefined ? [] : [message]);
  expect(Object.keys(verdicts)).toHaveLength(message === undefined ? 2 : 1);
});

it('A file that is given twice is judged once', () => {
  inFolder({ 't.yaml': good }, (folder) => {
    const file = join(folder, 't.yaml');
    const { flowLogs, remarks } = readTemplates([file, `${folder}/./t.yaml`, folder], told);
    expect(flowLogs.map(({ id }) => id)).toEqual(['FlowLog']);
    expect(remarks.filter((each) => each.includes('is given twice'))).toHaveLength(2);
  });
});

it('A resource of a loop stands at the line of the loop', () => {
  const loop = (list: string): string => `Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Fn::ForEach::Logs:
    - N
    - ${list}
    - 'FlowLog\${N}': {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: !GetAtt Bucket.Arn}}
  FlowLog: {Type: AWS::EC2::FlowLog, Properties: {LogGroupName: x}}
`;
  const { input } = judgeFiles({ 't.yaml': loop('[One, Two]') });
  expect(input.flowLogs.map(({ id, source }) => [id, source?.line, source?.column])).toEqual([
    ['FlowLogOne', 3, 3],
    ['FlowLogTwo', 3, 3],
    ['FlowLog', 7, 3],
  ]);
});

it('A stack set with flow logs is named', () => {
  const body = 'Resources: {F: {Type: AWS::EC2::FlowLog}}';
  const { input } = judgeFiles({
    't.yaml': `Resources: {S: {Type: AWS::CloudFormation::StackSet, Properties: {TemplateBody: '${body}'}}}`,
  });
  expect(input.remarks).toEqual([
    expect.stringMatching(/stack set S has flow logs, judge its template apart/),
  ]);
});

it('Nested stacks without a template are named', () => {
  const nested = (url: string) =>
    `{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ${url}}}`;
  const { input } = judgeFiles({
    'root.yaml': `Resources: {A: ${nested('https://x/a.yaml')}, B: ${nested('b.yaml')}, C: ${nested('c.yaml')}}`,
    'b.yaml': good,
  });
  expect(input.remarks).toEqual([
    expect.stringMatching(
      /^nested stacks whose template is not given, and not judged: 2, such as A of .*root.yaml$/,
    ),
  ]);
});

describe('The output of the CDK', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-input-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const outputWith = (name: string, files: Readonly<Record<string, string>>): string => {
    const output = join(folder, name);
    cpSync('examples/cdk-output', output, { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(output, file), content);
    return output;
  };
  const outcomes = (path: string) => {
    const input = readTemplates([path, 'examples/network.yaml'], told);
    return {
      problems: input.problems.map(({ file, message }) => `${file} ${message}`),
      outcomes: Object.values(judgeAll(input)).map(({ outcome }) => outcome),
    };
  };

  it('with assets that cannot be read is one problem, and all flow logs are judged', () => {
    const template = readFileSync('examples/cdk-output/Network.template.json', 'utf8');
    const nested = '"Resources": {"Nested": {"Type": "AWS::CloudFormation::Stack"},';
    const output = outputWith('assets', {
      'Network.template.json': template.replace(/"Resources": *\{/, nested),
      'Network.assets.json': '{"files": [',
    });
    expect(outcomes(output)).toEqual({
      problems: [
        `${join(output, 'Network.assets.json')} cannot be read as JSON: synthesise the app again`,
      ],
      outcomes: outcomes('examples/cdk-output').outcomes,
    });
  });

  it('with a manifest that cannot be read is one problem, and the rest is judged', () => {
    const output = outputWith('manifest', { 'manifest.json': '{' });
    expect(outcomes(output)).toEqual({
      problems: [expect.stringMatching(/manifest\.json cannot be read as JSON/)],
      outcomes: outcomes('examples/network.yaml').outcomes,
    });
  });
});
