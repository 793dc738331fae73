import { join } from 'node:path';

/** The folder of a built function. The bundle of the package lies as deep as this file, so both find the same folder. */
export const built = (name: 'evaluate' | 'gate' | 'mend' | 'ripple'): string =>
  join(import.meta.dirname, '../../dist', name);
