import { ruleTypes } from '../model/resource-types.ts';
import {
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  type ConfigServiceClient,
  type RecordingGroup,
} from '@aws-sdk/client-config-service';

/**
 * The types that no configuration recorder of this account and Region records, though the rule needs them: without
 * their items AWS Config sends no change, and shows no result.
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
