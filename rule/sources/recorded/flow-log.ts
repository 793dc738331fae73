import * as v from 'valibot';
import type { Intern } from '../../basics/memory.ts';
import { parseArn, partitionOf } from '../../model/arn.ts';
import { readDestination } from '../../model/destination.ts';
import type { Destination, FlowLog } from '../../model/facts.ts';
import { optionalField, optionalPath, optionalText } from './fields.ts';
import type { ConfigItem } from './item.ts';
import { readField } from './json-field.ts';

/** The time of creation: AWS Config writes ISO 8601, or milliseconds since 1970. An unreadable time counts as absent. */
const creationTime = v.fallback(
  optionalField(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform((time) => new Date(time).getTime()),
      v.finite(),
      v.check((time) => time > FIRST_FLOW_LOG),
    ),
  ),
  undefined,
);

/** VPC flow logs exist since 2015: an earlier time is in seconds, say, and cannot be trusted. */
const FIRST_FLOW_LOG = Date.UTC(2015, 0);

const flowLogSchema = v.object({
  flowLogId: optionalText,
  resourceId: optionalText,
  logDestination: optionalPath,
  logDestinationType: optionalText,
  logGroupName: optionalPath,
  deliverLogsStatus: optionalText,
  deliverLogsErrorMessage: optionalText,
  creationTime,
  destinationOptions: optionalField(
    v.pipe(
      v.unknown(),
      v.check((value) => !Array.isArray(value), 'is a list'),
      v.object({ hiveCompatiblePartitions: optionalField(v.boolean()) }),
    ),
  ),
});

/**
 * The flow log of an item. The destination is unknown where the configuration cannot be read. Values that many flow logs
 * have may be shared.
 */
export function recordedFlowLog(item: ConfigItem, share: Intern = (value) => value): FlowLog {
  const { id, accountId, region, capturedAt, tags = {} } = item;
  const partition = parseArn(item.arn ?? '')?.partition ?? partitionOf(region);
  const field = readField(`item of flow log ${id}`, flowLogSchema, item.configuration);
  const isRead = field.kind === 'read';
  const configuration = isRead ? field.value : nothingRead;
  const destination = isRead ? destinationIn(id, configuration) : field;
  return {
    id,
    accountId: share(accountId),
    region: share(region),
    partition: share(partition),
    resourceId: configuration.resourceId ?? '',
    destination: share(destination),
    tags,
    hivePrefixes: isRead ? hasHivePrefixes(configuration) : undefined,
    observed: share({
      status: configuration.deliverLogsStatus,
      error: configuration.deliverLogsErrorMessage,
    }),
    capturedAt,
    createdAt: configuration.creationTime,
  };
}

type Configuration = Partial<v.InferOutput<typeof flowLogSchema>>;

const nothingRead: Configuration = {};

const hasHivePrefixes = ({ destinationOptions }: Configuration): boolean =>
  destinationOptions?.hiveCompatiblePartitions ?? false;

const destinationIn = (flowLogId: string, configuration: Configuration): Destination =>
  readDestination({
    flowLogId,
    type: configuration.logDestinationType,
    destination: configuration.logDestination,
    logGroupName: configuration.logGroupName,
  });
