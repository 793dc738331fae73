// Checks the licences of the packages in a bundle, and collects their texts. A copyleft licence would apply to the shipped
// files, and every other licence asks for its text beside them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The text of Apache-2.0, under which this project is too. */
const APACHE = resolve(import.meta.dirname, '../LICENSE');

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
  return packagesOf(modules).flatMap(({ name, license }) =>
    permissive.has(license) ? [] : [`${name}: ${JSON.stringify(license)}`],
  );
}

/**
 * The names, licences and texts of the packages of these modules; packages with the same text share one copy. Throws an
 * Error for a package without a text, unless the text of its licence is known.
 * @param {readonly string[]} modules
 * @returns {string}
 */
export function noticesOf(modules) {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const { name, version, license, folder } of packagesOf(modules)) {
    const text = textsIn(folder, license);
    if (text === '') throw new Error(`${name} has no text of its licence ${license}`);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = [...byText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  const head = 'These packages are part of the files in this folder, under the licences below.\n';
  return [head, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}

/** The text of the licence and of the notices in a package. */
function textsIn(folder, license) {
  const files = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
  if (files.length === 0 && ['MIT-0', '0BSD'].includes(license))
    return `${license} asks for no copy of its text.`;
  // Apache-2.0 has one text, which names no owner; some packages leave the text out.
  if (files.length === 0 && license === 'Apache-2.0') files.push(APACHE);
  return files
    .map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n');
}

/**
 * The package.json and the folder of every package of these modules, ours left out.
 * @param {readonly string[]} modules
 */
export function packagesOf(modules) {
  const folders = new Set(modules.filter((id) => id.includes('/node_modules/')).map(packageOf));
  return [...folders].sort().map((folder) => ({
    ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    folder,
  }));
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
