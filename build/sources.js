// Tells if the bundle of the command line was built from the sources of this checkout.
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';

const BUNDLE = 'dist/desk';

/** A copy of the sources. Every start compares all bytes: that takes a third of the time of a digest. */
const COPY = 'dist/desk/sources.bin';

/** Far more than the sources have. */
const MAX_BYTES = 1 << 24;

/**
 * Everything that the build reads, one after the other. Every file counts with its name. Undefined where a link stands
 * among the sources, which may lead anywhere: then no bundle runs.
 * @param {string} root
 * @returns {Buffer | undefined}
 */
export function sourcesIn(root) {
  const files = ['package.json', 'package-lock.json', 'tsconfig.json'];
  if (!['rule', 'build'].every((folder) => addFilesIn(root, folder, files))) return undefined;
  // Memory that is never written to costs nothing.
  const bytes = Buffer.allocUnsafeSlow(MAX_BYTES);
  let end = 0;
  for (const name of files) {
    const file = openSync(`${root}/${name}`);
    const length = readSync(file, bytes, end, MAX_BYTES - end, null);
    closeSync(file);
    // The length keeps the end of a file apart from the name of the file.
    end += length;
    end += bytes.write(`\n${length} ${name}\n`, end);
  }
  return end < MAX_BYTES ? bytes.subarray(0, end) : undefined;
}

/**
 * Adds the files in a folder in the order of their names. Node's own recursive reading takes five times as long.
 * @param {string} root
 * @param {string} folder
 * @param {string[]} files
 * @returns {boolean} false for a folder with a link
 */
function addFilesIn(root, folder, files) {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .every((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return addFilesIn(root, path, files);
      if (entry.isFile()) files.push(path);
      return !entry.isSymbolicLink();
    });
}

/**
 * Notes that the bundle was built from these sources. Every file of the bundle, and the copy, end with the same line, which
 * names the files: none counts with a part of the others, or with others of another build. The line has a digest: a build
 * of a release follows from the commit alone.
 * @param {string} root
 * @param {Buffer} sources
 */
export function noteSources(root, sources) {
  // A start of the command line needs no digest.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const names = readdirSync(`${root}/${BUNDLE}`).filter((name) => name.endsWith('.js'));
  const hash = createHash('sha256').update(sources);
  for (const name of names.sort()) hash.update(readFileSync(`${root}/${BUNDLE}/${name}`));
  const build = Buffer.from(`\n//# built ${hash.digest('hex')} ${names.join(' ')}\n`);
  for (const name of names) appendFileSync(`${root}/${BUNDLE}/${name}`, build);
  writeFileSync(`${root}/${COPY}`, Buffer.concat([sources, build]));
}

/**
 * Whether a bundle is there, whole, and from the sources at hand: another bundle must not run.
 * @param {string} root
 * @returns {boolean}
 */
export function isBundled(root) {
  if (!isFile(`${root}/${COPY}`)) return false;
  const copy = readFileSync(`${root}/${COPY}`);
  const sources = sourcesIn(root);
  if (sources === undefined || !copy.subarray(0, sources.length).equals(sources)) return false;
  const build = copy.subarray(sources.length);
  const [, names] = /^\n\/\/# built [0-9a-f]+ (.+)\n$/.exec(build.toString()) ?? [];
  return names?.split(' ').every((name) => endsWith(`${root}/${BUNDLE}/${name}`, build)) ?? false;
}

/**
 * @param {string} path
 * @param {Buffer} end
 * @returns {boolean}
 */
function endsWith(path, end) {
  if (!isFile(path)) return false;
  const file = openSync(path);
  const last = Buffer.alloc(end.length);
  readSync(file, last, 0, end.length, Math.max(0, statSync(path).size - end.length));
  closeSync(file);
  return last.equals(end);
}

/**
 * @param {string} path
 * @returns {boolean}
 */
const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
