// Tells if the bundle of the command line was built from the sources of this checkout.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * The last line of a bundle from these sources: a digest of everything that the build reads. Every file counts with its
 * name. Undefined where a link stands among the sources, which may lead anywhere: then no bundle runs.
 * @param {string} root
 * @returns {string | undefined}
 */
export function stampOf(root) {
  const entries = ['rule', 'build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }),
  );
  if (entries.some((entry) => entry.isSymbolicLink())) return undefined;
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .concat(['package.json', 'package-lock.json', 'tsconfig.json'].map((file) => join(root, file)));
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const content = readFileSync(file);
    // The length keeps the end of a file apart from the beginning of the next.
    hash.update(`${relative(root, file)}\n${content.length}\n`).update(content);
  }
  return `//# sources ${hash.digest('hex')}\n`;
}

/**
 * Whether a bundle is there, whole, and from the sources at hand: another bundle must not run.
 * @param {string} root
 * @returns {boolean}
 */
export function isBundled(root) {
  const bundle = join(root, 'dist/desk/index.js');
  if (!statSync(bundle, { throwIfNoEntry: false })?.isFile()) return false;
  const stamp = stampOf(root);
  return stamp !== undefined && readFileSync(bundle, 'utf8').endsWith(stamp);
}
