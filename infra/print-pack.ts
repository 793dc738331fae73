import { packBody } from './pack.ts';

/** `npm run -s pack > conformance-pack.yaml`: the file that operators use by hand, which a test compares. */
process.stdout.write(packBody());
