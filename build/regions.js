// Writes infra/regions.json: for each type in the file, the Regions without the type, by cfn-lint's copy of the
// specifications of CloudFormation. For a new type, add a line with an empty list to the file and run this script.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';

const version = '1.58.0';
const folder = resolve(import.meta.dirname, '../.cache/cfn-lint-data');
const file = resolve(import.meta.dirname, '../infra/regions.json');

if (!existsSync(`${folder}/cfn_lint-${version}.dist-info`)) {
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--upgrade'];
  const wanted = `cfn-lint==${version}`;
  execFileSync('python3', ['-m', 'pip', 'install', ...options, '--target', folder, wanted], {
    stdio: 'inherit',
  });
}

const schemas = `${folder}/cfnlint/data/schemas/providers`;
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The partition of a Region; undefined for partitions that nobody verified. */
const partitions = [
  ['aws-cn', /^cn-/],
  ['aws-us-gov', /^us-gov-/],
  ['aws', /^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$/],
];
const partitionOf = (region) => partitions.find(([, pattern]) => pattern.test(region))?.[0];

const regions = readdirSync(schemas)
  .map((name) => name.replace(/\.json$/, ''))
  .filter((region) => partitionOf(region) !== undefined && !/-iso/.test(region))
  .sort();
const types = new Map(
  regions.map((region) => [region, new Set(Object.keys(read(`${schemas}/${region}.json`)))]),
);
const lacking = (type) => regions.filter((region) => !types.get(region).has(type));

const table = {
  source: `cfn-lint ${version}`,
  regions: Object.fromEntries(
    partitions.map(([partition]) => [
      partition,
      regions.filter((region) => partitionOf(region) === partition),
    ]),
  ),
  regionsWithout: Object.fromEntries(
    Object.keys(read(file).regionsWithout)
      .sort()
      .map((type) => [type, lacking(type)]),
  ),
};
const style = { ...(await resolveConfig(file)), filepath: file };
writeFileSync(file, await format(JSON.stringify(table), style));
