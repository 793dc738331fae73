import type { Check } from '../check.ts';
import { isUnknown } from '../../model/facts.ts';

/** Only what goes to S3 can fail by the key of a bucket. */
export const destination: Check = {
  code: 'destination',
  title: 'The flow log does not deliver to S3, or its destination cannot be read',
  look({ flowLog }) {
    const { destination: to } = flowLog;
    if (isUnknown(to)) return { outcome: 'unknown', message: to.unknown };
    if (to.kind === 's3') return undefined;
    return { outcome: 'exempt', message: `flow log delivers to ${to.type}, not to S3` };
  },
};
