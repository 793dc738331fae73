import {
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  type ConfigServiceClient,
  type RecordingGroup,
} from '@aws-sdk/client-config-service';
import { withinDeadline } from '../basics/time-limit.ts';
import { ruleTypes } from '../model/resource-types.ts';
import { count, logger } from './telemetry.ts';

const MAX_LOOK_MS = 5_000;

/** Reserved after the look at the recorder, for ending in order. */
const RESERVED_AFTER_LOOK_MS = 2_000;

/** Warns of resource types without records. The look is a courtesy: a refusal costs a warning, not the run. */
export async function reportTypesNotRecorded(
  config: ConfigServiceClient,
  remainingMs: number,
): Promise<void> {
  const deadline = Date.now() + Math.min(MAX_LOOK_MS, remainingMs - RESERVED_AFTER_LOOK_MS);
  try {
    const types = await withinDeadline(typesNotRecorded(config), deadline);
    count('TypesNotRecorded', types.length);
    if (types.length > 0)
      logger.warn('types are not recorded, so no change of them is heard of', { types });
  } catch (error) {
    logger.warn('configuration recorder could not be asked', error as Error);
  }
}

/**
 * The resource types needed by the rule, but recorded by no configuration recorder of this account and Region. Without
 * items of a type, AWS Config sends no change and shows no result.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
 */
export async function typesNotRecorded(client: ConfigServiceClient): Promise<readonly string[]> {
  const { ConfigurationRecorders = [] } = await client.send(
    new DescribeConfigurationRecordersCommand({}),
  );
  const { ConfigurationRecordersStatus = [] } = await client.send(
    new DescribeConfigurationRecorderStatusCommand({}),
  );
  const running = new Set(
    ConfigurationRecordersStatus.filter(({ recording }) => recording).map(({ name }) => name),
  );
  const groups = ConfigurationRecorders.filter(
    ({ name, recordingScope }) => running.has(name) && recordingScope !== 'INTERNAL',
  ).map(({ recordingGroup }) => recordingGroup ?? {});
  return ruleTypes.filter((type) => !groups.some((group) => records(group, type)));
}

function records(group: RecordingGroup, type: string): boolean {
  const { allSupported, recordingStrategy, resourceTypes, exclusionByResourceTypes } = group;
  const lists = (types: readonly string[] | undefined): boolean => types?.includes(type) ?? false;
  if (recordingStrategy?.useOnly === 'EXCLUSION_BY_RESOURCE_TYPES')
    return !lists(exclusionByResourceTypes?.resourceTypes);
  return allSupported === true || lists(resourceTypes);
}
