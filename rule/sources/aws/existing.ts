import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { memoize } from '../../basics/memory.ts';
import { errorText } from '../../basics/text.ts';
import { parseArn, partitionOf } from '../../model/arn.ts';
import type { ExistingSource } from '../../model/existing.ts';
import { isUnknown, missing, unknown } from '../../model/facts.ts';
import { clientConfig, perRegion } from './clients.ts';
import { askAndExplain, awsSource, type AwsOptions } from './source.ts';
import { readExports } from './exports.ts';

/** Asks AWS with the SDK's default credentials, which have to be of the account of `place`. */
export function existingInAws(options: AwsOptions): ExistingSource {
  const { accountId, region: home } = options.place;
  const ask = askAndExplain(options);
  const source = awsSource(options);
  const cloudFormation = perRegion(
    (region) => new CloudFormationClient({ ...clientConfig, region }),
  );
  const exports = memoize((region) =>
    ask(`exports of ${region}`, () => readExports(cloudFormation(region), { accountId, region })),
  );
  const foreign = (subject: string, partition: string) =>
    partition === partitionOf(home)
      ? undefined
      : unknown(`${subject} is in partition ${partition}`, 'use credentials of that partition');
  return {
    accountId,
    bucket: async (name, partition) =>
      foreign(`bucket ${name}`, partition) ?? source.bucket(name, partition),
    key: async (arn) => foreign(`key ${arn}`, parseArn(arn)?.partition ?? '') ?? source.key(arn),
    grants: (arn) => source.grants(arn).catch((error: unknown) => unknown(errorText(error))),
    organization: source.organization,
    async exported(name, region) {
      const all = await exports(region);
      if (isUnknown(all)) return all;
      const text = all.get(name);
      return text === undefined
        ? missing(`account ${accountId} has no export ${name} in ${region}`)
        : { kind: 'stored-text', text };
    },
    parameter: memoize((name, region) =>
      ask(`SSM parameter ${name}`, async () => {
        const { readStoredParameter } = await import('./stored-parameter.ts');
        return readStoredParameter(name, { accountId, region });
      }),
    ),
  };
}
