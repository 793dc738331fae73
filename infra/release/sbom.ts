import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { packagesOf } from '../../build/licences.js';
import { sha256 } from './archive.ts';

/** The commit of a release: all times and numbers of a release follow from the commit. */
export interface Commit {
  readonly id: string;
  /** In ISO 8601, as UTC. */
  readonly time: string;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string } | undefined>>;
}

/** The packages in a bundle, in the format CycloneDX. https://cyclonedx.org/docs/1.6/json/ */
export function sbom(
  name: string,
  { modules, version, commit }: { modules: readonly string[]; version: string; commit: Commit },
): string {
  const subject = `flow-log-key-rule-${name}`;
  const components = (packagesOf(modules) as readonly Package[]).map(component);
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuid(`${commit.id} ${name}`)}`,
    version: 1,
    metadata: {
      timestamp: commit.time,
      component: {
        type: 'application',
        'bom-ref': subject,
        name: subject,
        version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        properties: [{ name: 'commit', value: commit.id }],
      },
    },
    components,
    dependencies: [
      { ref: subject, dependsOn: components.map((each) => each['bom-ref']) },
      ...components.map((each) => ({ ref: each['bom-ref'] })),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function component({ name, version, license, folder }: Package) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [{ license: { id: license } }],
    hashes: [{ alg: 'SHA-512', content: digestOf(folder) }],
  };
}

/** The digest of the package in the registry, as npm checked the digest at the installation. */
function digestOf(folder: string): string {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  const digest = /^sha512-(?<base64>.+)$/.exec(packages[relative('.', folder)]?.integrity ?? '');
  if (digest?.groups?.base64 === undefined)
    throw new Error(`package-lock.json has no digest of ${folder}`);
  return Buffer.from(digest.groups.base64, 'base64').toString('hex');
}

/** A UUID that follows from a text, of version 8: the maker chooses the bits. */
function uuid(text: string): string {
  const hex = sha256(text);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
