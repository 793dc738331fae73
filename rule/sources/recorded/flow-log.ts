import * as v from 'valibot';
import { parseArn, partitionOf } from '../../model/arn.ts';
import { readDestination } from '../../model/destination.ts';
import type { FlowLog } from '../../model/facts.ts';
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

/** The flow log of an item. The destination is unknown where the configuration cannot be read. */
export function recordedFlowLog(item: ConfigItem): FlowLog {
  const { id, accountId, region, capturedAt } = item;
  const partition = parseArn(item.arn ?? '')?.partition ?? partitionOf(region);
  const common = { id, accountId, region, partition, tags: item.tags ?? {}, capturedAt };
  const field = readField(`item of flow log ${id}`, flowLogSchema, item.configuration);
  if (field.kind === 'unknown')
    return {
      ...common,
      resourceId: '',
      destination: field,
      hivePrefixes: undefined,
      observed: { status: undefined, error: undefined },
    };
  const { value } = field;
  return {
    ...common,
    resourceId: value.resourceId ?? '',
    createdAt: value.creationTime,
    destination: readDestination({
      flowLogId: id,
      type: value.logDestinationType,
      destination: value.logDestination,
      logGroupName: value.logGroupName,
    }),
    hivePrefixes: value.destinationOptions?.hiveCompatiblePartitions ?? false,
    observed: { status: value.deliverLogsStatus, error: value.deliverLogsErrorMessage },
  };
}
