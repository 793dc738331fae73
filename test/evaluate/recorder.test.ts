import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  type RecordingGroup,
} from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import { typesNotRecorded } from '../../rule/evaluate/recorder.ts';

const config = mockClient(ConfigServiceClient);
const all = ['AWS::EC2::FlowLog', 'AWS::S3::Bucket', 'AWS::KMS::Key'] as const;

function recorder(recordingGroup: RecordingGroup, recording = true): void {
  config.reset();
  config
    .on(DescribeConfigurationRecordersCommand)
    .resolves({ ConfigurationRecorders: [{ name: 'default', recordingGroup }] });
  config
    .on(DescribeConfigurationRecorderStatusCommand)
    .resolves({ ConfigurationRecordersStatus: [{ name: 'default', recording }] });
}

describe('the types that are not recorded', () => {
  const rows: readonly [string, RecordingGroup, readonly string[]][] = [
    ['none of all supported types', { allSupported: true }, []],
    ['none of a list with all three', { resourceTypes: [...all] }, []],
    [
      'the types that a list leaves out',
      { allSupported: false, resourceTypes: ['AWS::S3::Bucket'] },
      ['AWS::EC2::FlowLog', 'AWS::KMS::Key'],
    ],
    [
      'the excluded types',
      {
        recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
        exclusionByResourceTypes: { resourceTypes: ['AWS::KMS::Key'] },
      },
      ['AWS::KMS::Key'],
    ],
  ];
  it.each(rows)('are %s', async (_, group, expected) => {
    recorder(group);
    expect(await typesNotRecorded(new ConfigServiceClient())).toEqual(expected);
  });

  it('are all types where the recorder is stopped or does not exist', async () => {
    recorder({ allSupported: true }, false);
    expect(await typesNotRecorded(new ConfigServiceClient())).toEqual(all);
    config.reset();
    config.on(DescribeConfigurationRecordersCommand).resolves({});
    config.on(DescribeConfigurationRecorderStatusCommand).resolves({});
    expect(await typesNotRecorded(new ConfigServiceClient())).toEqual(all);
  });
});
