import { isUnknown } from '../../model/facts.ts';
import { unknownAnswer } from '../gap-in-words.ts';
import type { Check } from '../../model/verdict.ts';

/** Only a delivery to S3 depends on the key of a bucket. */
export const destination: Check<'destination'> = {
  code: 'destination',
  title: 'The flow log does not deliver to S3, or its destination cannot be read',
  look({ flowLog: { destination } }) {
    if (isUnknown(destination))
      return unknownAnswer(destination, 'look at the destination of the flow log in EC2');
    if (destination.kind === 's3') return undefined;
    return {
      outcome: 'exempt',
      what: `flow log delivers to ${destination.type}, not to S3`,
      next: null,
    };
  },
};
