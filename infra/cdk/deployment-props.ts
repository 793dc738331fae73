import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** The props of the resources: names, tags, encryption, network and logs. */
export interface FlowLogKeyDeploymentProps {
  /**
   * The managed policy to bound every role.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * The path of every role, with a slash at both ends.
   *
   * @default '/'
   */
  readonly rolePath?: string;
  /**
   * The first characters of the name of every role.
   *
   * @default - none
   */
  readonly roleNamePrefix?: string;
  /**
   * The first characters of fixed names. A second copy in the same account and Region needs other names.
   *
   * @default - none
   */
  readonly namePrefix?: string;
  /**
   * The tags of every resource that takes tags. For one account, `Tags.of` does the same.
   *
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * The key of log groups, queues and tables, except for the table of leases. docs/security.md has the policy.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: IKey;
  /**
   * The subnets of every function. For an organization with several Regions as text after the Region, such as
   * `eu-west-1:subnet-0123456789abcdef0`.
   *
   * @default - the functions are outside of any VPC
   */
  readonly subnets?: readonly (ISubnet | string)[];
  /**
   * The security groups of every function in `subnets`.
   *
   * @default - none
   */
  readonly securityGroups?: readonly (ISecurityGroup | string)[];
  /**
   * The least level of messages in the logs.
   *
   * @default 'INFO'
   */
  readonly logLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'CRITICAL' | 'SILENT';
}
