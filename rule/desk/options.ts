import { InvalidArgumentError, Option } from 'commander';
import { exemptionInWords, isExpired, type Exemption } from '../model/exemption.ts';
import type { Question } from '../model/question.ts';
import { errorText } from '../basics/text.ts';
import { readActions, readAlsoCheck, readOrganizationId } from '../model/parameter-values.ts';
import { defaults } from '../model/parameters.ts';
import { readExemptions } from '../sources/exemptions/list.ts';
import { textOf } from '../sources/recorded/snapshot-file.ts';
import { complain } from './complain.ts';

/** What the options below come to. */
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

/** The exemptions in this file, with a word on those that are over. Throws an Error that names the file. */
export async function exemptionsOf(file: string | undefined): Promise<readonly Exemption[]> {
  if (file === undefined) return [];
  const all = await textOf(file)
    .then(readExemptions)
    .catch((error: unknown) => {
      throw new Error(`--exemptions ${file}: ${errorText(error)}`, { cause: error });
    });
  const now = new Date();
  for (const each of all.filter((it) => isExpired(it, now)))
    complain(`exemption has expired and is ignored: ${exemptionInWords(each)}`);
  return all;
}

/** A reader of an option's value whose error commander shows as bad usage. */
export const checked =
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
  ).argParser(checked(readOrganizationId));

export const requiredActions = () =>
  new Option(
    '--required-actions <actions>',
    'KMS actions that the key policy must allow, with commas between',
  )
    .argParser(checked(readActions))
    .default(defaults.requiredActions, defaults.requiredActions.join(','));

export const exemptions = () =>
  new Option('--exemptions <file>', 'flow logs to do without: a JSON list as the README shows');

export const alsoCheck = () =>
  new Option('--also-check <checks>', 'bucket-policy, customer-key, or both with a comma between')
    .argParser(checked(readAlsoCheck))
    .default(defaults.alsoCheck, 'neither');
