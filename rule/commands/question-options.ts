import { InvalidArgumentError, Option } from 'commander';
import type { Question } from '../model/question.ts';
import { wordsOf } from '../model/words.ts';
import { defaults, readActions, readAlsoCheck, readOrganizationId } from '../parameters.ts';

/** What the options below come to. */
export interface QuestionOptions {
  readonly organizationId?: string;
  readonly requiredActions: readonly string[];
  readonly alsoCheck: Question['alsoCheck'];
}

export const questionOf = (options: QuestionOptions): Question => ({
  requiredActions: options.requiredActions,
  alsoCheck: options.alsoCheck,
  organizationId: options.organizationId,
  now: new Date(),
});

/** A reader of an option's value whose error commander shows as bad usage. */
export const checked =
  <T>(read: (value: string) => T) =>
  (value: string): T => {
    try {
      return read(value);
    } catch (error) {
      throw new InvalidArgumentError(wordsOf(error));
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

export const alsoCheck = () =>
  new Option('--also-check <checks>', 'bucket-policy, customer-key, or both with a comma between')
    .argParser(checked(readAlsoCheck))
    .default(defaults.alsoCheck, 'neither');
