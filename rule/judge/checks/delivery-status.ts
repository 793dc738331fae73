import type { Check } from '../../model/verdict.ts';

/** What AWS observed weighs against a good verdict: the facts allow delivery and yet it fails. */
export const deliveryStatus: Check<'delivery-status'> = {
  code: 'delivery-status',
  title: 'AWS reports that delivery fails, whatever the policies say',
  look({ flowLog: { observed, destination } }) {
    // `Rate limited` is about the rate of records, not about access.
    if (
      destination.kind !== 's3' ||
      observed.status !== 'FAILED' ||
      observed.error === 'Rate limited'
    )
      return undefined;
    return {
      outcome: 'unknown',
      message: `delivery is reported FAILED (${observed.error ?? 'no reason given'}): if all else is fine look at the bucket policy and resource control policies; the status lags, so wait if something was just mended`,
    };
  },
};
