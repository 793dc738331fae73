import { parseArn, type Arn } from './arn.ts';
import { type Destination, unknown } from './facts.ts';

/** The destination of a flow log in the form of DescribeFlowLogs and recorded items. */
export interface RawDestination {
  readonly flowLogId: string;
  readonly type: string | undefined;
  readonly destination: string | undefined;
  readonly logGroupName: string | undefined;
}

const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;

const elsewhere = ['cloud-watch-logs', 'kinesis-data-firehose'];

/**
 * Reads the destination of a flow log; an unreadable destination is unknown, with the next step.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
 */
export function readDestination(
  raw: RawDestination,
  next = 'look at the flow log in EC2',
): Destination {
  const arn = parseArn(raw.destination ?? '');
  const type = raw.type ?? impliedType(raw, arn);
  if (elsewhere.includes(type)) return { kind: 'elsewhere', type };
  const place = type === 's3' && arn !== undefined ? bucketAndFolder(arn) : undefined;
  const shown = (raw.destination ?? 'none').slice(0, 100);
  return (
    place ??
    unknown(
      `destination of flow log ${raw.flowLogId} cannot be read: type ${type}, destination ${shown}; expected an S3 bucket ARN`,
      next,
    )
  );
}

/** Old flow logs have no type. */
function impliedType({ logGroupName }: RawDestination, arn: Arn | undefined): string {
  if (arn?.service === 's3') return 's3';
  return logGroupName === undefined ? 'none' : 'cloud-watch-logs';
}

function bucketAndFolder({ service, accountId, resource }: Arn): Destination | undefined {
  const [bucket = '', ...folder] = resource.split('/');
  if (service !== 's3' || accountId !== '' || !BUCKET_NAME.test(bucket)) return undefined;
  return { kind: 's3', bucket, folder: folder.join('/').replace(/^\/+|\/+$/g, '') };
}
