// Looks for a handler as Lambda does (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, 4.0.2): the file
// without an ending, then .js, .mjs and .cjs, by `import()`. Prints the file and the kind of the handler.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder, handler] = process.argv;
const [module, name] = handler.split('.');
const path = resolve(folder, module);
const ending = ['', '.js', '.mjs', '.cjs'].find((each) => existsSync(`${path}${each}`));
const loaded = await import(pathToFileURL(`${path}${ending}`).href);
console.log(JSON.stringify({ file: `${module}${ending}`, handler: typeof loaded[name] }));
process.exit(0);
