import { partitionOf } from '../../rule/model/arn.ts';

describe('the partition of a Region', () => {
  it.each([
    ['us-east-1', 'aws'],
    ['il-central-1', 'aws'],
    ['ap-southeast-7', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['a commercial Region that the SDK does not know yet: nz-west-1', 'aws'],
  ])('%s: %s', (name, partition) => {
    expect(partitionOf(name.split(' ').at(-1) ?? '')).toBe(partition);
  });

  it.each(['eusc-fr-west-1', 'us-isog-east-1', 'xx-new-place-1', ''])(
    'is unknown for "%s", which has no name like a commercial Region: nothing there is verified',
    (name) => {
      expect(partitionOf(name)).toBe('unknown');
    },
  );
});
