import * as v from 'valibot';
import { boundedCache, makeIntern, type Intern } from '../../basics/memory.ts';
import { parseArn, partitionOf } from '../../model/arn.ts';
import { readDestination } from '../../model/destination.ts';
import { isUnknown, type Destination, type FlowLog, type Unknown } from '../../model/facts.ts';
import { optionalField, optionalPath, optionalText } from './fields.ts';
import type { ConfigItem } from './item.ts';
import { readField } from './json-field.ts';
import { FIRST_FLOW_LOG, isUsualConfiguration, millisecondsOf } from './usual-form.ts';

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

/** Values that many flow logs have. */
export interface Shared {
  readonly equal: Intern;
  readonly destination: (name: string, make: () => Destination) => Destination;
}

export const makeShared = (): Shared => ({
  equal: makeIntern(),
  destination: boundedCache(Infinity),
});

/**
 * The flow log of an item. The destination is unknown where the configuration cannot be read. Values that many flow logs
 * have are shared.
 */
export function recordedFlowLog(item: ConfigItem, shared = makeShared()): FlowLog {
  const { id, accountId, region, capturedAt, tags = {} } = item;
  const partition = parseArn(item.arn ?? '')?.partition ?? partitionOf(region);
  const field = readConfiguration(item);
  const isRead = field.kind === 'read';
  const configuration: Configuration = isRead ? field.value : {};
  const { creationTime } = configuration;
  const destination = isRead ? destinationIn(id, configuration, shared) : field;
  return {
    id,
    accountId: shared.equal(accountId),
    region: shared.equal(region),
    partition: shared.equal(partition),
    resourceId: configuration.resourceId ?? '',
    destination,
    tags,
    hivePrefixes: isRead ? hasHivePrefixes(configuration) : undefined,
    observed: shared.equal({
      status: configuration.deliverLogsStatus,
      error: configuration.deliverLogsErrorMessage,
    }),
    capturedAt,
    createdAt: creationTime === undefined ? undefined : millisecondsOf(creationTime),
  };
}

interface Configuration {
  readonly resourceId?: string | undefined;
  readonly logDestination?: string | undefined;
  readonly logDestinationType?: string | undefined;
  readonly logGroupName?: string | undefined;
  readonly deliverLogsStatus?: string | undefined;
  readonly deliverLogsErrorMessage?: string | undefined;
  readonly creationTime?: string | number | undefined;
  readonly destinationOptions?:
    { readonly hiveCompatiblePartitions?: boolean | null | undefined } | undefined;
}

const readConfiguration = ({
  id,
  configuration: raw,
}: ConfigItem): Unknown | { readonly kind: 'read'; readonly value: Configuration } =>
  isUsualConfiguration(raw)
    ? { kind: 'read', value: raw }
    : readField(`item of flow log ${id}`, flowLogSchema, raw);

const hasHivePrefixes = ({ destinationOptions }: Configuration): boolean =>
  destinationOptions?.hiveCompatiblePartitions ?? false;

function destinationIn(
  flowLogId: string,
  configuration: Configuration,
  shared: Shared,
): Destination {
  const { logDestinationType: type, logDestination, logGroupName } = configuration;
  const read = (): Destination =>
    readDestination({ flowLogId, type, destination: logDestination, logGroupName });
  const destination = shared.destination(
    JSON.stringify([type, logDestination, logGroupName]),
    read,
  );
  // The reason why a destination is unknown names the flow log.
  return isUnknown(destination) ? read() : destination;
}
