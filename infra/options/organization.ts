import { names } from '../organization/names.ts';
import type { ParametersRead } from './parameters.ts';
import { listOf, matching, refuse, type Reader } from './readers.ts';

/** Who the members of an organization are, and where they are judged. */
export interface OrganizationOptions {
  readonly id: string;
  /** Organizational units or roots, with all that is below them. */
  readonly units: readonly string[];
  /** The first is the home Region: it has what there is once, such as roles. */
  readonly regions: readonly string[];
  readonly home: string;
  /** Accounts below the units that are left alone. */
  readonly excludedAccounts: readonly string[];
  /** Accounts whose rules may ask the evaluator. */
  readonly memberAccounts: readonly string[];
  /** Whether the aggregator is made here, or was there before. */
  readonly makesAggregator: boolean;
}

/** What fits into the policy of one function, 20 KB, with room for the rest. */
const MAX_ACCOUNTS = 1200;

const account = matching(/^\d{12}$/, 'the 12 digits of an account id');
const accounts: Reader<readonly string[]> = listOf(account, MAX_ACCOUNTS);

const unit = matching(
  /^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/,
  'the id of an organizational unit or root, like ou-ab12-c3d4e5f6 or r-ab12',
);

const region = matching(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'a Region, like us-east-1');

export const organizationReaders = {
  organizationalUnits: listOf(unit, 100),
  regions: listOf(region, 50),
  excludedAccounts: accounts,
  memberAccounts: accounts,
} as const;

type Name = keyof typeof organizationReaders;
/** What was given of them, as it was read. */
export type OrganizationRead = {
  readonly [N in Name]?: ReturnType<(typeof organizationReaders)[N]>;
};

/** Puts them together, undefined where no units are named; throws where one asks for another. */
export function organizationOf(
  read: OrganizationRead,
  { given, parameters }: { given: Readonly<Record<string, unknown>>; parameters: ParametersRead },
): OrganizationOptions | undefined {
  const { organizationalUnits, regions, memberAccounts, excludedAccounts = [] } = read;
  if (organizationalUnits === undefined) {
    const [name] = Object.keys(read);
    if (name === undefined) return undefined;
    return refuse(name, given[name], 'name the members with organizationalUnits');
  }
  const needed = (name: string, why: string): never =>
    refuse('organizationalUnits', given.organizationalUnits, `${why} with ${name}`);
  const [home] = regions ?? needed('regions', 'name the Regions to judge, the home Region first,');
  const { organizationId, readerRoleName, aggregator } = parameters;
  if (readerRoleName !== undefined)
    refuse('readerRoleName', readerRoleName, `members of an organization have ${names.reader}`);
  const both = excludedAccounts.find((each) => memberAccounts?.includes(each));
  if (both !== undefined) refuse('excludedAccounts', both, 'it is one of memberAccounts too');
  return {
    id: organizationId ?? needed('organizationId', 'name the organization'),
    units: organizationalUnits,
    regions: regions ?? [],
    home: home ?? '',
    excludedAccounts,
    memberAccounts:
      memberAccounts ?? needed('memberAccounts', 'name the accounts that may ask the evaluator'),
    makesAggregator: aggregator === undefined,
  };
}

/** The parameters of the rules of members, who have roles and an aggregator of known names. */
export const parametersOfMembers = (given: ParametersRead): ParametersRead => ({
  ...given,
  readerRoleName: names.reader,
  aggregator: given.aggregator ?? names.aggregator,
});
