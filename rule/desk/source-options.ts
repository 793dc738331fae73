import { statSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readAccountId, readAggregatorName } from '../model/parameter-values.ts';
import { readRegion } from '../model/region.ts';
import { optionReader, pathsReader } from './option-readers.ts';
import { regions } from './options.ts';

/** Adds the options for the source of flow logs. */
export const withSourceOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--snapshot <file...>',
        'AWS Config snapshot files, plain or .gz; - is standard input',
      ).argParser(pathsReader),
    )
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
    .addOption(
      regions(
        'with --live: these Regions, or "all" that are enabled; with --template or --plan: the Region to deploy into',
        (value) => (value === 'all' ? value : readRegion(value)),
      ),
    )
    .addOption(
      new Option(
        '--template <path...>',
        'CloudFormation templates, folders of these, or the output of the CDK; - is standard input',
      ).argParser(pathsReader),
    )
    .addOption(
      new Option(
        '--plan <file...>',
        'plans or states of Terraform or OpenTofu, as `show -json` writes them; - is standard input',
      ).argParser(pathsReader),
    )
    .addOption(
      new Option(
        '--source <folder>',
        'with --plan: where the .tf files are (default: the working folder)',
      ).argParser(optionReader(readSourceFolder)),
    )
    .addOption(parameters())
    .addOption(
      new Option(
        '--account <id>',
        'with --template or --plan: the account to deploy into',
      ).argParser(optionReader(readAccountId)),
    );

function readSourceFolder(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`"${path}" is not a folder: give the folder of the .tf files`);
  return path;
}

/** Values of parameters by name. A value may have commas. */
const parameters = () =>
  new Option(
    '--parameter <name=value...>',
    'with --template: values of parameters, in place of their defaults',
  ).argParser((text: string, before: Readonly<Record<string, string>> | undefined) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new InvalidArgumentError(`"${text}" is not NAME=VALUE`);
    return { ...before, [name]: value };
  });
