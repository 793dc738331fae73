import { Command, Option } from 'commander';
import { readAggregatorName } from '../model/parameter-values.ts';
import { exitCodeOf, failingOutcomes, type Forgiving } from './exit-code.ts';
import { judgeExisting, type Asking, type Judgement } from './judge-existing.ts';
import {
  keyPolicyOption,
  readProposedPolicies,
  refuseUnmetKeys,
  type KeyPolicyFiles,
} from './key-policy.ts';
import { refuseMixedInput, type InputOptions, type PlannedOptions } from './open-input.ts';
import {
  account,
  alsoCheck,
  exemptions,
  readExemptionsFile,
  optionReader,
  organizationId,
  parameters,
  questionOf,
  region,
  requiredActions,
  type QuestionOptions,
} from './options.ts';
import { formats, type Format } from './reports/formats.ts';
import type { Run } from '../remedy/run.ts';
import { complain, complainOf, reportStyle } from './terminal.ts';
import { write } from './write.ts';

interface CheckOptions extends QuestionOptions, InputOptions, PlannedOptions, Forgiving {
  readonly exemptions?: string;
  readonly keyPolicy?: KeyPolicyFiles;
  readonly format: Format;
  readonly output?: string;
  readonly quiet?: boolean;
}

/** `flow-log-key check`: judges flow logs, and passes the exit code to `end`. */
export const checkCommand = (end: (exitCode: number) => void): Command =>
  new Command('check')
    .description('judge flow logs: from AWS Config, from the account itself, or before deployment')
    .option('--snapshot <file...>', 'AWS Config snapshot files, plain or .gz')
    .addOption(
      new Option(
        '--aggregator <name>',
        'all accounts of an AWS Config aggregator, read-only, with the credentials of your environment',
      ).argParser(optionReader(readAggregatorName)),
    )
    .option(
      '--live',
      'ask AWS, read-only, with the credentials of your environment; beside --template or --plan: for buckets, keys, exports and SSM parameters that these name and do not contain',
    )
    .option('--regions <region...>', 'with --live: these Regions, or "all" that are enabled')
    .option(
      '--template <path...>',
      'CloudFormation templates, folders of these, or the output of the CDK',
    )
    .option(
      '--plan <file...>',
      'plans or states of Terraform or OpenTofu, as `show -json` writes them',
    )
    .option(
      '--source <folder>',
      'with --plan: where the .tf files are (default: the working folder)',
    )
    .addOption(parameters())
    .addOption(account())
    .addOption(region())
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(Object.keys(formats))
        .default('table'),
    )
    .option('--output <file>', 'write to this file instead of standard output')
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .addOption(keyPolicyOption())
    .addOption(
      new Option('--fail-on <outcome>', 'blocked: end with 0 also if flow logs are unknown')
        .choices(failingOutcomes)
        .default('unknown'),
    )
    .option('--exit-zero', 'end with 0 also if flow logs are blocked or unknown')
    .option('--quiet', 'no progress and no remarks on standard error')
    .addHelpText('after', checkExamples)
    .action(async (options: CheckOptions) => {
      end(await check(options));
    });

const checkExamples = `
Exit codes: 0 all deliverable or exempt, 1 some blocked, 3 some unknown, 2 bad usage or unreadable input.
With --key-policy only flow logs that would get worse count for 1 and 3.

Examples:
  flow-log-key check --snapshot snapshot.json.gz       from a file that AWS Config delivered
  flow-log-key check --snapshot a.json b.json          flow logs, buckets and keys in several files
  flow-log-key check --live                            this account, this Region
  flow-log-key check --live --regions all              this account, every Region
  flow-log-key check --aggregator acme                 every account and Region that the aggregator collects from
  flow-log-key check --live --format json | jq '.summary'
  flow-log-key check --live --format html --output report.html             for people: a page with a picture
  flow-log-key check --live --format csv --output flow-logs.csv            for a spreadsheet
  flow-log-key check --template cdk.out --format github                    in a step of GitHub: marks the lines
  flow-log-key check --template cdk.out --format sarif --output key.sarif  for code scanning
  flow-log-key check --template network.yaml           before deployment: a CloudFormation template
  flow-log-key check --template cdk.out                before deployment: what cdk synth wrote
  flow-log-key check --template cdk.out --live         before deployment: with facts of what the templates do not contain
  flow-log-key check --plan plan.json                  before deployment: terraform show -json plan.out > plan.json
  flow-log-key check --live --key-policy arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab=new.json
                                                       before an edit of a key policy: which flow logs would change
`;

/** Reads, judges, prints; resolves with the exit code. */
async function check(options: CheckOptions): Promise<number> {
  refuseMixedInput(options);
  const proposed = await readProposedPolicies(options.keyPolicy);
  const question = questionOf(options, await readExemptionsFile(options.exemptions));
  const { run, remarks } = await judgeInput(options, { question, proposed });
  complainOfRun(run);
  refuseUnmetKeys(proposed);
  if (!options.quiet) remarks.forEach(complain);
  const report = await formats[options.format]();
  await write(report(run, { ...reportStyle(options), root: rootFolder() }), options.output);
  return exitCodeOf(run, options);
}

/** Modules for planned flow logs are loaded on demand. */
async function judgeInput(options: CheckOptions, asking: Asking): Promise<Judgement> {
  if (options.template === undefined && options.plan === undefined)
    return judgeExisting(options, asking);
  const { judgePlanned } = await import('./judge-planned.ts');
  return judgePlanned(options, asking);
}

function complainOfRun({ rows, problems }: Run): void {
  complainOf(problems);
  if (rows.length === 0) complain('no flow log was found');
}

/** The checkout in a workflow of GitHub, where a step may work in another folder; elsewhere the working folder. */
const rootFolder = (): string => process.env.GITHUB_WORKSPACE ?? process.cwd();
