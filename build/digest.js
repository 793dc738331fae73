// Tells if the bundle of the command line was built from the sources of this checkout.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * The last line of a bundle from these sources: a digest of `rule/`, `build/`, package.json and the lock file. Every file
 * counts with its name.
 * @param {string} root
 * @returns {string}
 */
export function stampOf(root) {
  const files = ['rule', 'build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  files.push(join(root, 'package.json'), join(root, 'package-lock.json'));
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
  return existsSync(bundle) && readFileSync(bundle, 'utf8').endsWith(stampOf(root));
}
