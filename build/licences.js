// Checks the licences of the packages in a bundle. A copyleft licence would apply to the shipped files.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/**
 * The packages of these modules without a known permissive licence, as `name: licence`.
 * @param {readonly string[]} modules
 * @returns {string[]}
 */
export function notPermissive(modules) {
  const folders = new Set(modules.filter((id) => id.includes('/node_modules/')).map(packageOf));
  return [...folders].flatMap((folder) => {
    const { name, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return permissive.has(license) ? [] : [`${name}: ${JSON.stringify(license)}`];
  });
}

/**
 * The package folder of a module: the nearest folder with a named package.json.
 * @param {string} module
 * @returns {string}
 */
function packageOf(module) {
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name !== undefined)
      return folder;
  }
  throw new Error(`${module} is in no package`);
}
