import { packBody } from './pack.ts';

/** `npm run -s conformance-pack > conformance-pack.yaml`: the file that operators use by hand, which a test compares. */
process.stdout.write(packBody());
