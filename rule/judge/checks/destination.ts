import { isUnknown } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';

/** Only what goes to S3 can fail by the key of a bucket. */
export const destination: Check<'destination'> = {
  code: 'destination',
  title: 'The flow log does not deliver to S3, or its destination cannot be read',
  look({ flowLog }) {
    const { destination: to } = flowLog;
    if (isUnknown(to)) return { outcome: 'unknown', message: to.why };
    if (to.kind === 's3') return undefined;
    return { outcome: 'exempt', message: `flow log delivers to ${to.type}, not to S3` };
  },
};
