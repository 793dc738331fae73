import { samples } from './reports/samples.ts';

const idsOf = (prefix: string, ...ends: readonly string[]): readonly string[] =>
  ends.map((end) => `fl-${prefix}${end.padStart(17 - prefix.length, '0')}`);

/** The arguments of `explain` for every flow log of examples/. `GOLDEN=write npx jest test/desk/explain` writes the golden files. */
export const explainSamples = {
  account: [
    ...idsOf('01a', '1', '2', '3'),
    ...['02b', '03c', '04d', '05e', '06f', '07a'].flatMap((prefix) => idsOf(prefix, '1')),
    ...idsOf('08b', '1', '2'),
    ...idsOf('09c', '1'),
    ...idsOf('09d', '1'),
    ...samples.account,
  ],
  template: ['AcceptedTraffic', 'RejectedTraffic', ...samples.template],
  'cdk-output': ['AcceptedTraffic', 'RejectedTraffic', '--template', 'examples/cdk-output'],
  plan: [
    'aws_flow_log.accepted',
    'aws_flow_log.rejected',
    ...['--plan', 'examples/plan/plan.json', '--source', 'examples/plan'],
  ],
} as const;
