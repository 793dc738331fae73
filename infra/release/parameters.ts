import { unknownAs } from '../../rule/model/compliance.ts';
import { logLevels } from '../options/deployment.ts';
import { MAX_OF_A_FUNCTION } from '../options/places.ts';
import { frequencies, retentions, ruleDefaults } from '../options/rule.ts';
import {
  ACCOUNT,
  ACTION,
  flag,
  KEY,
  list,
  oneOf,
  ORGANIZATION,
  text,
  TOPIC,
  whole,
} from './definitions.ts';
import { type JsonObject, omit } from './json.ts';
import { baseFrequency } from './made-up.ts';
import { remediation } from './remediation-parameters.ts';
import { prefixOfRoles, roles } from './role-parameters.ts';

/** Parameters by the groups in the console. */
export type Groups = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** The parameters of the templates for one account and Region. */
export const groups = {
  Code: {
    CodeBucket: {
      Type: 'String',
      AllowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
      Description: 'Bucket of this Region with the zip files of the release',
    },
    CodePrefix: {
      Type: 'String',
      Default: '',
      AllowedPattern: '^(|[A-Za-z0-9._/-]{1,500}/)$',
      Description: 'Folder in the bucket, with / at the end',
    },
  },
  Rule: {
    RuleName: {
      Type: 'String',
      Default: ruleDefaults.ruleName,
      // Systems Manager refuses documents with these first letters.
      AllowedPattern:
        '^(?![Aa][Ww][Ss]|[Aa][Mm][Aa][Zz][Oo][Nn]|[Aa][Mm][Zz][Nn])[A-Za-z0-9_-]{1,37}$',
      Description: 'Name of the Config rule, and first part of the names of the runbooks',
    },
    EvaluationFrequency: oneOf('Time between two scheduled runs', frequencies, baseFrequency),
    RequiredActions: text(
      'Actions that the key policy must allow; empty: kms:GenerateDataKey,kms:Decrypt',
      list(ACTION, 20),
    ),
    AlsoCheck: oneOf('Doubts that count too', [
      '',
      'bucket-policy',
      'customer-key',
      'bucket-policy,customer-key',
    ]),
    UnknownAs: oneOf(`Verdict unknown in AWS Config; empty: ${unknownAs[0]}`, ['', ...unknownAs]),
    OrganizationId: text(
      'Settles conditions on aws:SourceOrgID; empty: AWS Organizations is asked',
      ORGANIZATION,
    ),
    Exemptions: text(
      'Name of an SSM parameter with exempt flow logs',
      '[\\w.-]+|(/[\\w.-]+){1,15}',
      { MaxLength: 1000 },
    ),
    ReaderRoleName: text(
      'Role to take in the accounts that own buckets and keys',
      '([\\w+=,.@-]{1,64}/){0,7}[\\w+=,.@-]{1,64}',
    ),
    OwnerAccounts: text('Accounts to try for a bucket that cannot be read', list(ACCOUNT, 75)),
    Aggregator: text('Configuration aggregator that names the owner of a bucket', '[\\w-]{1,256}'),
    DetailedFindings: flag('Imports findings with reason and remedy into Security Hub'),
    ReservedConcurrency: text('Runs at once, 1 to 1000; empty: no limit', '[1-9]\\d{0,2}|1000'),
    CallsAtOnce: text('Buckets and keys asked for at once, 1 to 100', '[1-9]\\d?|100'),
    Hook: oneOf('Hook of CloudFormation that judges stacks before deployment', [
      'off',
      'warn',
      'fail',
    ]),
  },
  'Alarms and logs': {
    AlarmTopicArn: text('SNS topic for alarms, in this Region', `${TOPIC}[\\w-]{1,256}`),
    UnknownThreshold: whole(
      'An alarm rings above this number of unknown flow logs',
      0,
      '0|[1-9]\\d{0,5}|1000000',
    ),
    LogRetentionDays: {
      Type: 'Number',
      Default: ruleDefaults.logRetentionDays,
      AllowedValues: retentions.map(Number),
      Description: 'Days to keep the logs of the functions',
    },
    LogLevel: oneOf('Least level of messages in the logs; empty: INFO', ['', ...logLevels]),
  },
  Remediation: remediation,
  Roles: roles,
  'Encryption and network': {
    EncryptionKeyArn: text('KMS key of this Region for log groups, tables and queues', KEY),
    SubnetIds: text(
      'Subnets of the functions',
      list('subnet-[0-9a-f]{8,17}', MAX_OF_A_FUNCTION.subnetIds),
    ),
    SecurityGroupIds: text(
      'Security groups of the functions, with SubnetIds',
      list('sg-[0-9a-f]{8,17}', MAX_OF_A_FUNCTION.securityGroupIds),
    ),
  },
} as const satisfies Groups;

const { OrganizationId, ...ofRule } = groups.Rule;
const required = omit(OrganizationId, 'Default');

/** The parameters of the template of a member. */
export const groupsOfMember = {
  ...groups,
  Organization: {
    OrganizationId: {
      ...required,
      Description: 'Organization of the central account, which the roles of the member trust',
      AllowedPattern: `^${ORGANIZATION}$`,
    },
    HomeRegion: {
      Type: 'String',
      AllowedPattern: '^[a-z]{2,}(-[a-z]+)+-\\d$',
      Description: 'Region with the roles, and with the bus of the central account',
    },
  },
  Rule: ofRule,
  Roles: {
    ...roles,
    // Names of roles have room for 20 characters together.
    RoleNamePrefix: { ...roles.RoleNamePrefix, AllowedPattern: `^(|${prefixOfRoles(10)})$` },
    NamePrefix: text(
      'First characters of the names of the central account and its members',
      '(?![Aa][Ww][Ss]|[Aa][Mm][Aa][Zz][Oo][Nn]|[Aa][Mm][Zz][Nn])[A-Za-z][A-Za-z0-9-]{0,9}',
    ),
  },
} as const satisfies Groups;
