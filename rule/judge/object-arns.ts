import type { Bucket, FlowLog } from '../model/facts.ts';

export const bucketArn = ({ partition }: FlowLog, { name }: Bucket): string =>
  `arn:${partition}:s3:::${name}`;

/**
 * Patterns for the ARNs of a flow log's objects. Both layouts are possible where the layout is not known. AWS documents
 * the folders below the account for VPC flow logs only, so for other resources any folder is possible.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
export function objectArns(flowLog: FlowLog, bucket: Bucket): readonly string[] {
  const { accountId, region, destination, hivePrefixes, resourceId } = flowLog;
  const folder = destination.kind === 's3' ? destination.folder : '';
  const root = `${bucketArn(flowLog, bucket)}/${folder === '' ? '' : `${folder}/`}AWSLogs`;
  const isOfVpc = OF_VPC.test(resourceId);
  const plainFolders = isOfVpc ? `vpcflowlogs/${region}/${YEAR}/*` : '*';
  const hiveFolders = isOfVpc ? `aws-service=vpcflowlogs/aws-region=${region}/year=${YEAR}/*` : '*';
  const plain = `${root}/${accountId}/${plainFolders}`;
  const hive = `${root}/aws-account-id=${accountId}/${hiveFolders}`;
  if (hivePrefixes === undefined) return [plain, hive];
  return [hivePrefixes ? hive : plain];
}

/** The ids of VPCs, subnets and network interfaces. */
const OF_VPC = /^(vpc|subnet|eni)-/;

/** The part of a resource's id on which the ARNs depend: the kind of a resource in a VPC, or nothing. */
export const resourceInArns = ({ resourceId }: FlowLog): string =>
  OF_VPC.exec(resourceId)?.[0] ?? '';

/** Any year of this century: a policy may outlive the year of the question. */
const YEAR = '20??';
