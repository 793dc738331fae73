import { KEY_ARN, listOf, matching, oneOf, reference, refuse } from './readers.ts';
import { tagsOf } from './tags.ts';

/** The words of Powertools. https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/ */
export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'] as const;

/** The options of the resources: names, tags, encryption, network and logs. */
export interface DeploymentOptions {
  /** The path of every role, with a slash at both ends. */
  readonly rolePath: string;
  /** The first characters of the name of every role. */
  readonly roleNamePrefix: string;
  /** The first characters of the names of stacks and other resources. A second copy needs other names. */
  readonly namePrefix: string;
  /** Tags of every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The KMS key of log groups, queues and tables, except for the table of leases. */
  readonly encryptionKeyArn: string | undefined;
  /** The subnets of every function; empty for functions outside of any VPC. With several Regions, after the Region and `:`. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** The least level of messages in the logs; undefined for the default of Powertools, INFO. */
  readonly logLevel: (typeof logLevels)[number] | undefined;
}

export const deploymentDefaults = {
  rolePath: '/',
  roleNamePrefix: '',
  namePrefix: '',
  tags: {},
  encryptionKeyArn: undefined,
  subnetIds: [],
  securityGroupIds: [],
  logLevel: undefined,
} as const satisfies DeploymentOptions;

/** A function takes 16 subnets, and there may be functions in many Regions. */
const MAX_IDS = 400;

const idsOf = (prefix: string, meaning: string) =>
  listOf(
    reference(
      new RegExp(`^([a-z]{2,}(-[a-z]+)+-\\d:)?${prefix}-[0-9a-f]{8,17}$`),
      `the id of ${meaning}; of several Regions, as eu-west-1:${prefix}-0123456789abcdef0`,
    ),
    MAX_IDS,
  );

export const deploymentReaders = {
  rolePath: matching(
    /^(?!\/aws-(service-role|reserved)\/)\/([\w+=,.@-]{1,64}\/){0,7}$/,
    'a path with a slash at both ends, like /security/, but not a path of AWS',
  ),
  roleNamePrefix: matching(/^[\w+=,.@-]+$/, 'letters, digits and _+=,.@-'),
  namePrefix: matching(
    /^(?!aws|amazon|amzn)[a-z][a-z0-9-]*$/i,
    'letters, digits and -, with a letter in front, but not aws, amazon or amzn',
  ),
  tags: tagsOf,
  encryptionKeyArn: reference(
    KEY_ARN,
    'the ARN of a key, like arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab; log groups take no alias',
  ),
  subnetIds: idsOf('subnet', 'a subnet'),
  securityGroupIds: idsOf('sg', 'a security group'),
  logLevel: oneOf(...logLevels),
} as const;

/** AWS takes 64 characters for the name of a role, and the longest name has 44 beside the prefixes. */
const MAX_PREFIXES_LENGTH = 20;

/** Throws an Error for prefixes that make names too long, and for half a VPC. */
export function checkDeployment(options: DeploymentOptions): void {
  const { namePrefix, roleNamePrefix, subnetIds, securityGroupIds } = options;
  const { length } = `${roleNamePrefix}${namePrefix}`;
  if (length > MAX_PREFIXES_LENGTH)
    refuse(
      roleNamePrefix === '' ? 'namePrefix' : 'roleNamePrefix',
      roleNamePrefix || namePrefix,
      `${length} characters with namePrefix, and names of roles have room for ${MAX_PREFIXES_LENGTH}`,
    );
  if (subnetIds.length > 0 && securityGroupIds.length === 0)
    refuse('subnetIds', subnetIds.join(), 'name securityGroupIds too');
  if (securityGroupIds.length > 0 && subnetIds.length === 0)
    refuse('securityGroupIds', securityGroupIds.join(), 'name subnetIds too');
}
