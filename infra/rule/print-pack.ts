import { packBody } from './pack.ts';

/** `npm run -s conformance-pack > conformance-pack.yaml` writes the file for operators who deploy the pack by hand. */
process.stdout.write(packBody());
