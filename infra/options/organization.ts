import type { Names } from '../organization/names.ts';
import { isChina, lacks, partitionOf } from '../regions.ts';
import type { ParametersRead } from './parameters.ts';
import { accountId, listOf, matching, refuse, type Reader } from './readers.ts';

/** The members of an organization, and the Regions to judge. */
export interface OrganizationOptions {
  readonly id: string;
  /** Organizational units or roots. All accounts below are members. */
  readonly units: readonly string[];
  /** The Regions to judge, the home Region first. */
  readonly regions: readonly string[];
  /** The Region with the roles, the bus and the ripple. */
  readonly home: string;
  /** Accounts below the units to leave out. */
  readonly excludedAccounts: readonly string[];
  /** Accounts whose rules may ask the evaluator. */
  readonly memberAccounts: readonly string[];
  /** True if the app makes the aggregator, false if the operator named an existing aggregator, or none can be asked. */
  readonly makesAggregator: boolean;
  /** False in China: nobody can ask which flow logs of other accounts depend on a key, so there is no ripple. */
  readonly hasRipple: boolean;
  readonly names: Names;
}

/** The policy of a function holds 20 KB; this many account ids leave room for the rest. */
const MAX_ACCOUNTS = 1200;

/** Where each account needs a statement, the 20 KB hold this many. */
export const MAX_STATEMENTS = 57;

const accounts: Reader<readonly string[]> = listOf(accountId, MAX_ACCOUNTS);

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
/** The options of an organization that were set. */
export type OrganizationRead = {
  readonly [N in Name]?: ReturnType<(typeof organizationReaders)[N]>;
};

/** The options that an organization needs beside `organizationalUnits`. */
const needed = {
  organizationId: 'the organization',
  regions: 'the Regions to judge, the home Region first,',
  memberAccounts: 'the accounts that may ask the evaluator',
} as const;

/** Returns undefined if no units are named. Throws an Error if an option needs another option. */
export function organizationOf(
  read: OrganizationRead,
  {
    given,
    names,
    parameters,
  }: { given: Readonly<Record<string, unknown>>; names: Names; parameters: ParametersRead },
): OrganizationOptions | undefined {
  const { organizationalUnits, regions, memberAccounts, excludedAccounts = [] } = read;
  if (organizationalUnits === undefined) {
    const [name] = Object.keys(read);
    if (name === undefined) return undefined;
    return refuse(name, given[name], 'name the members with organizationalUnits');
  }
  const { organizationId: id, readerRoleName, aggregator } = parameters;
  if (id === undefined || regions === undefined || memberAccounts === undefined) {
    const missing = Object.entries(needed).filter(
      ([name]) => !(name in read) && !(name in parameters),
    );
    const why = `name ${missing.map(([name, meaning]) => `${meaning} with ${name}`).join('; ')}`;
    return refuse('organizationalUnits', given.organizationalUnits, why);
  }
  if (readerRoleName !== undefined)
    refuse('readerRoleName', readerRoleName, `members of an organization have ${names.reader}`);
  const both = excludedAccounts.find((each) => memberAccounts.includes(each));
  if (both !== undefined) refuse('excludedAccounts', both, 'memberAccounts names the same account');
  const home = checkRegions(regions, memberAccounts);
  return {
    id,
    units: organizationalUnits,
    regions,
    home,
    excludedAccounts,
    memberAccounts,
    makesAggregator: aggregator === undefined && !isChina(home),
    hasRipple: !isChina(home),
    names,
  };
}

/** Throws an Error if an organization cannot have these Regions and accounts. Returns the home Region. */
function checkRegions(regions: readonly string[], memberAccounts: readonly string[]): string {
  const [home = ''] = regions;
  const stranger = regions.find((each) => partitionOf(each) !== partitionOf(home));
  if (stranger !== undefined)
    refuse(
      'regions',
      stranger,
      `${home} is in another partition, and an organization has only one`,
    );
  const narrow = regions.find((each) => lacks(each, 'AWS::Lambda::ResourcePolicy'));
  if (narrow !== undefined && memberAccounts.length > MAX_STATEMENTS)
    refuse(
      'regions',
      narrow,
      `each account needs a permission of its own; memberAccounts names ${memberAccounts.length}, and at most ${MAX_STATEMENTS} fit`,
    );
  return home;
}

/** The parameters of the rules of members: the reader role and the aggregator have fixed names. */
export const parametersOfMembers = (
  chosen: ParametersRead,
  { hasRipple, names }: OrganizationOptions,
): ParametersRead => ({
  ...chosen,
  readerRoleName: names.reader,
  ...(hasRipple ? { aggregator: chosen.aggregator ?? names.aggregator } : {}),
});
