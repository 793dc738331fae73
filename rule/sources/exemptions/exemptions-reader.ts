import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Exemption } from '../../model/exemption.ts';
import type { Parameters } from '../../model/parameters.ts';
import type { Counter } from '../aws/clients.ts';

/** Reads the exemptions in the SSM parameter that the rule names: none where the rule names no parameter. */
export type ExemptionsReader = (
  parameters: Pick<Parameters, 'exemptionsParameter'>,
) => Promise<readonly Exemption[]>;

/** Loads and makes the SSM client on demand, once: a cold start does without. */
export function exemptionsReader(region: string, logger?: Counter): ExemptionsReader {
  let ssm: SSMClient | undefined;
  return async ({ exemptionsParameter: name }) => {
    if (name === undefined) return [];
    const { exemptionsIn, makeSsm } = await import('./parameter.ts');
    ssm ??= makeSsm(region, logger);
    return exemptionsIn(ssm, name);
  };
}
