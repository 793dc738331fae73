import type { Bucket, FlowLog } from '../model/facts.ts';

export const bucketArn = ({ partition }: FlowLog, { name }: Bucket): string =>
  `arn:${partition}:s3:::${name}`;

/**
 * Patterns for the ARNs of a flow log's objects. Both layouts are possible where the source does not
 * record the layout.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
export function objectArns(flowLog: FlowLog, bucket: Bucket): readonly string[] {
  const { accountId, region, destination, hivePrefixes } = flowLog;
  const folder = destination.kind === 's3' ? destination.folder : '';
  const root = `${bucketArn(flowLog, bucket)}/${folder === '' ? '' : `${folder}/`}AWSLogs`;
  const plain = `${root}/${accountId}/vpcflowlogs/${region}/*`;
  const hive = `${root}/aws-account-id=${accountId}/*`;
  if (hivePrefixes === undefined) return [plain, hive];
  return [hivePrefixes ? hive : plain];
}
