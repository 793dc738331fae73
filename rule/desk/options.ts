import { InvalidArgumentError, Option } from 'commander';
import { errorText } from '../basics/text.ts';
import { exemptionInWords, isExpired, type Exemption } from '../model/exemption.ts';
import {
  readAccountId,
  readActions,
  readAlsoCheck,
  readOrganizationId,
  readRegion,
} from '../model/parameter-values.ts';
import { defaults } from '../model/parameters.ts';
import type { Question } from '../model/question.ts';
import { readExemptions } from '../sources/exemptions/list.ts';
import { readTextFile } from '../sources/recorded/snapshot-file.ts';
import { complain } from './terminal.ts';

/** The options behind a question. */
export interface QuestionOptions {
  readonly organizationId?: string;
  readonly requiredActions: readonly string[];
  readonly alsoCheck: Question['alsoCheck'];
}

export const questionOf = (
  options: QuestionOptions,
  exemptions: readonly Exemption[] = [],
): Question => ({
  requiredActions: options.requiredActions,
  alsoCheck: options.alsoCheck,
  organizationId: options.organizationId,
  exemptions,
  now: new Date(),
});

/** Reads the file of --exemptions, and complains of expired exemptions. The Error for a bad file names the file. */
export async function readExemptionsFile(file: string | undefined): Promise<readonly Exemption[]> {
  if (file === undefined) return [];
  const all = await readTextFile(file)
    .then(readExemptions)
    .catch((error: unknown) => {
      throw new Error(`--exemptions ${file}: ${errorText(error)}`, { cause: error });
    });
  const now = new Date();
  for (const exemption of all.filter((each) => isExpired(each, now)))
    complain(`exemption has expired and is ignored: ${exemptionInWords(exemption)}`);
  return all;
}

/** Turns errors of a reader into commander's own error for bad usage. */
export const optionReader =
  <T>(read: (value: string) => T) =>
  (value: string): T => {
    try {
      return read(value);
    } catch (error) {
      throw new InvalidArgumentError(errorText(error));
    }
  };

export const organizationId = () =>
  new Option(
    '--organization-id <id>',
    'the organization of the accounts; settles aws:SourceOrgID',
  ).argParser(optionReader(readOrganizationId));

export const requiredActions = () =>
  new Option(
    '--required-actions <actions>',
    'KMS actions that the key policy must allow, with commas between',
  )
    .argParser(optionReader(readActions))
    .default(defaults.requiredActions, defaults.requiredActions.join(','));

export const exemptions = () =>
  new Option('--exemptions <file>', 'exemptions of flow logs: a JSON list as the README shows');

export const alsoCheck = () =>
  new Option('--also-check <checks>', 'bucket-policy, customer-key, or both with a comma between')
    .argParser(optionReader(readAlsoCheck))
    .default(defaults.alsoCheck, 'neither');

export const account = () =>
  new Option('--account <id>', 'with --template or --plan: the account to deploy into').argParser(
    optionReader(readAccountId),
  );

export const region = () =>
  new Option('--region <region>', 'with --template or --plan: the Region to deploy into').argParser(
    optionReader(readRegion),
  );

/** Values of parameters by name. */
export const parameters = () =>
  new Option(
    '--parameter <name=value...>',
    'with --template: values of parameters, in place of their defaults',
  ).argParser((text: string, before: Readonly<Record<string, string>> | undefined) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new InvalidArgumentError(`"${text}" is not NAME=VALUE`);
    return { ...before, [name]: value };
  });
