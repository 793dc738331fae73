import { isKnownRegion, knownRegions, readRegion } from '../../rule/model/region.ts';

describe('a Region', () => {
  it.each([...knownRegions, 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1'])(
    '%s is known',
    (region) => {
      expect([readRegion(region), isKnownRegion(region)]).toEqual([region, true]);
    },
  );

  it.each(['us-east-9', 'eu-north-2', 'il-central-2', 'us-gov-east-2', 'us-west-12'])(
    '%s may be new: its letters are known',
    (region) => {
      expect([readRegion(region), isKnownRegion(region)]).toEqual([region, false]);
    },
  );

  it.each([
    ['us-eest-1', 'did you mean us-east-1?'],
    ['us-east1', 'did you mean us-east-1?'],
    ['useast-1', 'did you mean us-east-1?'],
    ['US-EAST-1', 'did you mean us-east-1?'],
    ['eu-wset-1', 'did you mean eu-west-1?'],
    ['us-west-', 'did you mean us-west-1?'],
    ['us-east-1a', 'did you mean us-east-1?'],
    ['cn-norh-1', 'did you mean cn-north-1?'],
    ['eu-east-0', 'did you mean'],
    ['us-gov-est-1', 'did you mean us-gov-east-1?'],
    ['us-iso-eest-1', 'is not a Region'],
    ['here', 'give a name such as us-east-1'],
    ['', 'give a name such as us-east-1'],
    ['aws-global', 'is not a Region'],
    ['us-east-1\n', 'did you mean us-east-1?'],
  ])('%j is refused', (region, step) => {
    expect(() => readRegion(region)).toThrow(step);
    expect(() => readRegion(region)).toThrow(JSON.stringify(region).slice(1, 4));
  });
});
