import table from './regions.json';

/** The types that the templates use; `build/regions.js` says how to add a type. */
type ResourceType = keyof typeof table.regionsWithout;

/**
 * True if CloudFormation does not know a type in a Region. A condition on a resource does not help, because StackSets and
 * change sets refuse the name of the type. A Region that is not in the table, or not known yet, has every type.
 * https://github.com/aws/aws-cdk/issues/25634
 */
export const lacks = (region: string, type: ResourceType): boolean =>
  (table.regionsWithout[type] as readonly string[]).includes(region);

/** True if AWS Config can start runbooks in a Region. */
export const canStartRunbooks = (region: string): boolean =>
  !lacks(region, 'AWS::Config::RemediationConfiguration');

/** The message for operators who chose the automatic mode for these Regions. */
export const onlyPeopleStart = (regions: readonly string[]): string =>
  `AWS Config cannot start remediation in ${regions.join(', ')}, without AWS::Config::RemediationConfiguration: people start the runbooks`;

/** The partition of a Region, by the first letters of the name. */
export const partitionOf = (region: string): string =>
  /^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/.exec(region)?.[1] ?? 'aws';

/**
 * China has no queries over many accounts, and no StackSets that follow an organization.
 * https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
 */
export const isChina = (region: string): boolean => partitionOf(region) === 'cn';
