import type { Check } from '../../model/verdict.ts';

/** AWS may report a failure although bucket and key allow delivery: the verdict must not be deliverable. */
export const deliveryStatus: Check<'delivery-status'> = {
  code: 'delivery-status',
  title: 'AWS reports that delivery fails, whatever the policies say',
  look({ flowLog: { observed, destination } }) {
    const { status, error } = observed;
    const isFine = status === 'SUCCESS' || (status === undefined && error === undefined);
    // `Rate limited` is about the rate of records, not about access.
    if (destination.kind !== 's3' || isFine || error === 'Rate limited') return undefined;
    return {
      outcome: 'unknown',
      what: `delivery is reported ${status ?? 'without a status'} (${error ?? 'no reason given'})`,
      next: 'if all else is fine look at the bucket policy and resource control policies; the status lags, so wait if something was just changed',
    };
  },
};
