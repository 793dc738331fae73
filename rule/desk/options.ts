import { Option } from 'commander';
import { errorText } from '../basics/text.ts';
import { exemptionInWords, isExpired, type Exemption } from '../model/exemption.ts';
import {
  readAccountId,
  readAction,
  readOrganizationId,
  withDataKeyAction,
} from '../model/parameter-values.ts';
import { defaults } from '../model/parameters.ts';
import { alsoChecks, type Question } from '../model/question.ts';
import { isKnownRegion, readRegion } from '../model/region.ts';
import { readExemptions } from '../sources/exemptions/list.ts';
import { readTextFile } from '../sources/recorded/snapshot-file.ts';
import { choices, listReader, optionReader } from './option-readers.ts';

/** The options behind a question. */
export interface QuestionOptions {
  readonly organizationId?: string;
  readonly requiredActions?: readonly string[];
  readonly alsoCheck?: Question['alsoCheck'];
}

export const questionOf = (
  { requiredActions, alsoCheck, organizationId }: QuestionOptions,
  exemptions: readonly Exemption[] = [],
): Question => ({
  requiredActions: withDataKeyAction(requiredActions ?? defaults.requiredActions),
  alsoCheck: alsoCheck ?? defaults.alsoCheck,
  organizationId,
  exemptions,
  now: new Date(),
});

/** Says a remark that is no problem; silent with --quiet. */
export type Remark = (message: string) => void;

/** Reads the file of --exemptions, and remarks on expired exemptions. The Error for a bad file names the file. */
export async function readExemptionsFile(
  file: string | undefined,
  remark: Remark,
): Promise<readonly Exemption[]> {
  if (file === undefined) return [];
  const all = await readTextFile(file)
    .then(readExemptions)
    .catch((error: unknown) => {
      throw new Error(`--exemptions ${file}: ${errorText(error)}`, { cause: error });
    });
  const now = new Date();
  for (const exemption of all.filter((each) => isExpired(each, now)))
    remark(`exemption has expired and is ignored: ${exemptionInWords(exemption)}`);
  return all;
}

/** Remarks on Regions with a new number: no mistake in a Region costs more than a wrong number. */
export function remarkOnRegions(regions: readonly string[] = [], remark: Remark): void {
  for (const region of regions.filter((each) => each !== 'all' && !isKnownRegion(each)))
    remark(`Region ${region} is newer than this version of flow-log-key, or its number is wrong`);
}

/** The only Region of a list. Throws an Error for several. */
export function onlyRegion(regions: readonly string[] | undefined): string | undefined {
  if (regions === undefined || regions.length === 1) return regions?.[0];
  throw new Error(`--region ${regions.join(', ')}: give one Region only`);
}

export const organizationId = () =>
  new Option(
    '--organization-id <id>',
    'the organization of the accounts; settles aws:SourceOrgID',
  ).argParser(optionReader(readOrganizationId));

export const requiredActions = () =>
  new Option(
    '--required-actions <action...>',
    `KMS actions that the key policy must allow (default: ${defaults.requiredActions.join(',')})`,
  ).argParser(listReader(readAction));

export const exemptions = () =>
  new Option('--exemptions <file>', 'exemptions of flow logs: a JSON list, see docs/exemptions.md');

export const alsoCheck = () =>
  choices('--also-check <check...>', 'further checks (default: neither)', alsoChecks);

/** One name in every command: --regions is the same option as --region. */
export const regions = (description: string, read = readRegion) =>
  new Option('--region, --regions <region...>', description).argParser(listReader(read));

/** The accounts of a statement: --accounts is the same option as --account. */
export const accounts = (description: string) =>
  new Option('--account, --accounts <id...>', description).argParser(listReader(readAccountId));

export const quiet = () =>
  new Option('--quiet', 'nothing on standard error but errors: no progress and no remarks');
