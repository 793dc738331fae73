import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flowLogKey } from './command-line.ts';

const workload = 'examples/workload-111122223333-us-east-1.json';
const template = 'examples/network.yaml';
const snapshot = ['--snapshot', workload];
const help = (command: string) => `; flow-log-key ${command} --help shows how`;

const folder = mkdtempSync(join(tmpdir(), 'bad-usage-'));
const empty = join(folder, 'empty.json');
const cut = join(folder, 'cut.json.gz');
writeFileSync(empty, ' ');
writeFileSync(cut, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]));
mkdirSync(join(folder, 'reports'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Bad usage, and the sentence on it. */
const rows: readonly [string, readonly string[], string][] = [
  ['a command in wrong letters', ['chekc'], '"chekc" is not a command: did you mean check?'],
  [
    'a command of another tool',
    ['audit'],
    '"audit" is not a command; flow-log-key --help shows how',
  ],
  [
    'a snapshot without a command',
    [workload],
    `"${workload}" is not a command: give check --snapshot ${workload}, or --template or --plan`,
  ],
  [
    'a template without a command',
    [template],
    `"${template}" is not a command: give check --template ${template}`,
  ],
  [
    'a snapshot without its option',
    ['check', workload],
    `"${workload}" is a path and no id: give --snapshot ${workload}, or --template or --plan`,
  ],
  [
    'a template without its option',
    ['check', template],
    `"${template}" is a path and no id: give --template ${template}`,
  ],
  [
    'a folder without its option',
    ['check', './examples'],
    '"./examples" is a path and no id: give --template ./examples',
  ],
  [
    'a folder of .tf files that does not exist',
    ['check', '--plan', 'examples/plan/plan.json', '--source', 'exmaples'],
    `--source: "exmaples" is not a folder: give the folder of the .tf files`,
  ],
  [
    'a file in the place of the folder of .tf files',
    ['check', '--plan', 'examples/plan/plan.json', '--source', template],
    `--source: "${template}" is not a folder: give the folder of the .tf files`,
  ],
  [
    'a file of Terraform',
    ['check', 'main.tf'],
    '"main.tf" is a path and no id: give --plan with the output of terraform show -json',
  ],
  [
    'standard input without its option',
    ['check', '-'],
    '"-" is a path and no id: give --snapshot -, or --template or --plan',
  ],
  [
    'no source',
    ['check'],
    'give --snapshot FILE..., --template PATH..., --plan FILE..., --aggregator NAME or --live; --help shows how',
  ],
  [
    'no source, in another command than check',
    ['explain', 'fl-0123456789abcdef0'],
    'give --snapshot FILE..., --template PATH..., --plan FILE..., --aggregator NAME or --live; --help shows how',
  ],
  [
    'an option in wrong letters',
    ['check', '--snapshots', workload],
    '"--snapshots" is not an option: did you mean --snapshot?',
  ],
  [
    'an option of another tool',
    ['check', '--recursive'],
    `"--recursive" is not an option${help('check')}`,
  ],
  [
    'an option without its value',
    ['check', '--snapshot'],
    `--snapshot needs <file...>${help('check')}`,
  ],
  [
    'an option with an empty path',
    ['check', '--snapshot', ''],
    '--snapshot: "" names no file: give a path, or - for standard input',
  ],
  [
    'ids after a list of files',
    ['check', ...snapshot, 'fl-0123456789abcdef0'],
    '--snapshot: "fl-0123456789abcdef0" is an id and no file: give ids before the options',
  ],
  [
    'ids after a list of actions',
    ['remedy', '--required-actions', 'kms:Decrypt', 'fl-0123456789abcdef0'],
    '--required-actions: "fl-0123456789abcdef0" is an id: give ids before the options',
  ],
  [
    'ids after a list of Regions',
    ['check', '--live', '--regions', 'us-east-1', 'fl-0123456789abcdef0'],
    '--regions: "fl-0123456789abcdef0" is an id: give ids before the options',
  ],
  [
    'an id of something else',
    ['check', 'vpc-0a1', ...snapshot],
    '"vpc-0a1" is not a flow log id, which looks like fl-01234567890abcdef',
  ],
  [
    'an id that is not there',
    ['check', 'fl-0123456789abcdef0', ...snapshot],
    'no flow log matches fl-0123456789abcdef0: check without names shows all, or add the source of its account and Region',
  ],
  [
    'a bucket that is not there',
    ['check', '--bucket', 'nowhere', ...snapshot],
    'no flow log matches --bucket nowhere: check without names shows all, or add the source of its account and Region',
  ],
  [
    'a key that is not there, of a template',
    ['check', 'RejectedTraffic', '--key', 'OtherKey', '--template', template],
    'no flow log matches --key OtherKey: check without names shows all, or add the source of its account and Region',
  ],
  [
    'a Region in wrong letters',
    ['check', '--live', '--regions', 'us-east-1,us-eest-1'],
    '--regions: "us-eest-1" is not a Region: did you mean us-east-1?',
  ],
  [
    'a Region in wrong letters, of a statement',
    ['statement', '--account', '111122223333', '--region', 'us-eest-1'],
    '--regions: "us-eest-1" is not a Region: did you mean us-east-1?',
  ],
  [
    'a Region in wrong letters, of a remedy',
    ['remedy', 'fl-0123456789abcdef0', '--region', 'us-eest-1'],
    '--regions: "us-eest-1" is not a Region: did you mean us-east-1?',
  ],
  [
    'several Regions of a remedy',
    ['remedy', 'fl-0123456789abcdef0', '--region', 'us-east-1', 'us-west-2'],
    '--region us-east-1, us-west-2: give one Region only',
  ],
  [
    'several Regions to deploy into',
    ['check', '--template', template, '--regions', 'us-east-1,us-west-2'],
    '--regions us-east-1,us-west-2: with --template and --plan give the one Region to deploy into',
  ],
  [
    'Regions of a snapshot',
    ['check', ...snapshot, '--regions', 'us-east-1'],
    '--regions goes with --live, --template and --plan: leave it out',
  ],
  [
    'Regions of an aggregator',
    ['check', '--aggregator', 'acme', '--regions', 'us-east-1'],
    '--regions goes with --live, --template and --plan: set AWS_REGION to the Region of the aggregator',
  ],
  [
    'an account to look into',
    ['check', '--live', '--account', '111122223333'],
    '--account goes with --template and --plan: leave it out',
  ],
  [
    'an account of 11 digits',
    ['statement', '--account', '111122223333,11112222333', '--region', 'us-east-1'],
    `--accounts: "11112222333" is not an account id, which has 12 digits${help('statement')}`,
  ],
  [
    'a list of nothing',
    ['check', '--live', '--regions', ','],
    `--regions: "," names nothing${help('check')}`,
  ],
  [
    'an outcome that is none',
    ['check', ...snapshot, '--only', 'blocked,failed'],
    `--only: "failed" is not one of blocked, unknown, deliverable, exempt${help('check')}`,
  ],
  [
    'a format that is none',
    ['statement', '--format', 'yaml'],
    `--format: "yaml" is not one of json, terraform, cloudformation, cdk${help('statement')}`,
  ],
  [
    'an action in wrong letters',
    ['check', ...snapshot, '--required-actions', 'kms:GenerateDataKey kms:Decript'],
    `--required-actions: "kms:Decript" is not an action of KMS; give names like kms:Decrypt, without wildcards${help('check')}`,
  ],
  [
    'an organization by name',
    ['statement', '--organization-id', 'acme'],
    `--organization-id: "acme" is not an organization id, which looks like o-a1b2c3d4e5${help('statement')}`,
  ],
  [
    'a parameter without a value',
    ['check', '--template', template, '--parameter', 'Env'],
    `--parameter: "Env" is not NAME=VALUE${help('check')}`,
  ],
  [
    'standard input twice',
    ['check', '--snapshot', '-', '--exemptions', '-'],
    '"-" is given twice: standard input can be read once, so give a file',
  ],
  [
    'an output in no folder',
    ['check', ...snapshot, '--output', '/nowhere/report.json'],
    '--output /nowhere/report.json: is in a folder that does not exist: make the folder first',
  ],
  [
    'an output that is a folder',
    ['check', ...snapshot, '--output', folder],
    `--output ${folder}: is a directory: give the name of a file in it`,
  ],
  [
    'exemptions that are not there',
    ['check', ...snapshot, '--exemptions', 'none.json'],
    '--exemptions none.json: does not exist: look at its path',
  ],
  [
    'arguments of a statement',
    ['statement', 'fl-1', 'fl-2'],
    `statement does not take "fl-1 fl-2"${help('statement')}`,
  ],
  ['no id of a remedy', ['remedy'], `remedy needs <id>${help('remedy')}`],
  [
    'a shell that is none',
    ['completion', 'csh'],
    `"csh" is not one of bash, zsh, fish${help('completion')}`,
  ],
];

describe('bad usage', () => {
  it.each(rows)('%s ends with 2 and one sentence', async (_, args, sentence) => {
    expect(await flowLogKey(...args)).toEqual({
      code: 2,
      out: '',
      err: `flow-log-key: ${sentence}\n`,
    });
  });

  it.each<[string, readonly string[], string]>([
    ['is not there', ['--snapshot', 'none.json'], 'none.json: does not exist: look at its path'],
    [
      'is a folder',
      ['--snapshot', folder],
      `${folder}: is a directory, not a file: give the files in it`,
    ],
    ['is empty', ['--snapshot', empty], `${empty}: is empty: give a file with items of AWS Config`],
    ['was cut off', ['--snapshot', cut], `${cut}: is a gzip file that was cut off: copy it again`],
    [
      'is no file at all',
      ['--template', `${template}/x.yaml`],
      `${template}/x.yaml: does not exist: look at its path`,
    ],
    [
      'has too long a name',
      ['--plan', 'x'.repeat(300)],
      `${'x'.repeat(300)}: does not exist: look at its path`,
    ],
  ])(
    'a file that %s ends with 2 and one sentence, and --quiet hides no error',
    async (_, args, sentence) => {
      const { code, err } = await flowLogKey('check', ...args, '--quiet');
      expect({ code, err }).toEqual({ code: 2, err: `flow-log-key: ${sentence}\n` });
    },
  );
});
