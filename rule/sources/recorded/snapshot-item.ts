import { parseArn, partitionOf } from '../../model/arn.ts';
import type { FlowLog } from '../../model/facts.ts';
import { isResourceType, resourceTypes, type ResourceType } from '../../model/resource-types.ts';
import { recordedFlowLog, type Shared } from './flow-log.ts';
import { arnOf, readItem, type ConfigItem } from './item.ts';
import { brokenFieldsOf } from './json-field.ts';
import type { RecordedItem } from './newest.ts';
import { typeOf, unreadableItem } from './unreadable-item.ts';

/** The item of a flow log, read: the facts stay and the rest goes, so that a million flow logs fit into memory. */
export interface FlowLogItem extends Pick<
  ConfigItem,
  'type' | 'status' | 'capturedAt' | 'stateId' | 'tags'
> {
  readonly kind: 'flow-log';
  readonly flowLog: FlowLog;
  /** The ARN or id, where a field is broken. */
  readonly label: string;
  /** A message for each present but unreadable field. */
  readonly brokenFields: readonly string[];
}

/** An item of a snapshot file. */
export type SnapshotItem = RecordedItem | FlowLogItem;

/** Reads an item; undefined where no verdict needs the type. */
export function readSnapshotItem(raw: unknown, shared: Shared): SnapshotItem | undefined {
  const type = typeOf(raw);
  if (type !== undefined && !isResourceType(type)) return undefined;
  try {
    const item = readItem(raw);
    return item.type === resourceTypes.flowLog ? flowLogItem(item, shared) : item;
  } catch (error) {
    return unreadableItem(raw, error);
  }
}

const none: readonly string[] = [];

function flowLogItem(item: ConfigItem, shared: Shared): FlowLogItem {
  const { type, status, capturedAt, stateId, tags, arn, id } = item;
  const flowLog = recordedFlowLog(item, shared);
  const brokenFields = brokenFieldsOf(flowLog);
  const isBroken = brokenFields.length > 0;
  const label = isBroken ? (arn ?? id) : '';
  const messages = isBroken ? brokenFields : none;
  return {
    kind: 'flow-log',
    type,
    status,
    capturedAt,
    stateId,
    tags,
    flowLog,
    label,
    brokenFields: messages,
  };
}

/** The names of an item in look-ups. An unreadable item gets each possible name of the resource. */
export function namesOf(item: SnapshotItem): readonly string[] {
  if (item.kind !== 'unreadable') return [itemName(item)];
  const types = item.type === undefined ? Object.values(resourceTypes) : [item.type];
  return types.flatMap((type) => item.names.map((name) => `${type} ${name}`));
}

/** The name of a flow log with the place, of a bucket with the partition; the ARN of a key or alias. */
export function itemName(item: ConfigItem | FlowLogItem): string {
  if (item.kind === 'flow-log') {
    const { accountId, region, id } = item.flowLog;
    return `${item.type} ${accountId} ${region} ${id}`;
  }
  const { type, id, region, arn } = item;
  if (type !== resourceTypes.bucket) return `${type} ${arnOf(item)}`;
  return `${type} ${parseArn(arn ?? '')?.partition ?? partitionOf(region)} ${id}`;
}

/** The name of a flow log of which nobody knows the place. */
export const nameWithoutPlace = ({ type, flowLog }: FlowLogItem): string => `${type} ${flowLog.id}`;

/** The possible names of a bucket in look-ups. */
export const bucketNames = (name: string, partition: string): readonly string[] => [
  `${resourceTypes.bucket} ${partition} ${name}`,
  `${resourceTypes.bucket} ${name}`,
];

/** The possible names of a key or alias in look-ups. */
export function keyNames(type: ResourceType, arn: string): readonly string[] {
  const resource = parseArn(arn)?.resource ?? '';
  return [arn, resource, resource.split('/').at(-1) ?? ''].map((name) => `${type} ${name}`);
}
