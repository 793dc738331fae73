import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import table from '../../infra/regions.json';

const run = (program: string, args: readonly string[], cwd = '.'): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1e8, env: environment });

/** A folder outside of the checkout has no commit of its own. */
const environment = {
  ...process.env,
  GIT_DIR: execFileSync('git', ['rev-parse', '--absolute-git-dir'], { encoding: 'utf8' }).trim(),
};

const release = 'release';
const copy = mkdtempSync(join(tmpdir(), 'release-'));
const readRelease = (name: string): string => readFileSync(join(release, name), 'utf8');

/** The same files in another folder. The packages are hard links, because a build names packages by their real places. */
function copyCheckout(): void {
  const list = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const name of list.split('\0').filter((each) => each !== '')) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(name, join(copy, name));
  }
  try {
    run('cp', ['-al', resolve('node_modules'), copy]);
  } catch {
    run('cp', ['-a', resolve('node_modules'), copy]);
  }
}

beforeAll(() => {
  // `npm run e2e` has built the bundles, and other tests run these at the same time.
  run('npx', ['tsx', 'infra/release/release.ts']);
  copyCheckout();
  run('npm', ['run', '-s', 'release'], copy);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

const zips = ['evaluator', 'mender', 'ripple', 'hook'] as const;
const bundles = { evaluator: 'evaluate', mender: 'mend', ripple: 'ripple', hook: 'gate' } as const;
const zipOf = (name: string): string =>
  readdirSync(release).find((each) => each.startsWith(`${name}-`) && each.endsWith('.zip')) ?? '';

describe('a release', () => {
  it('has the same bytes when it is made again in another folder', () => {
    const sums = readFileSync(join(copy, release, 'SHA256SUMS'), 'utf8');
    expect(sums).toBe(readRelease('SHA256SUMS'));
    expect(run('sha256sum', ['-c', 'SHA256SUMS'], release)).not.toContain('FAILED');
    expect(sums.trim().split('\n')).toHaveLength(readdirSync(release).length - 1);
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(readdirSync(release)).toContain(`flow-log-key-rule-${version}.tgz`);
    expect(readRelease('flow-log-key-rule.template.yaml')).toContain(
      `# flow-log-key-rule ${version}\n`,
    );
  });

  it('has the conformance pack of the repository', () => {
    expect(readRelease('conformance-pack.yaml')).toBe(
      readFileSync('conformance-pack.yaml', 'utf8'),
    );
  });
});

describe.each(zips)('the zip file of the %s', (name) => {
  const read = () => {
    const content = readFileSync(join(release, zipOf(name)));
    return { content, files: unzipSync(new Uint8Array(content)) };
  };

  it('has code and notices, sorted, without times and attributes', () => {
    const { content, files } = read();
    const built = readdirSync(join('dist', bundles[name])).filter((each) => !each.endsWith('.map'));
    expect(Object.keys(files)).toEqual(built.sort());
    // The time stands at byte 10 of each entry: midnight, the first of January 1980.
    expect(content.readUInt32LE(10)).toBe(0x00210000);
    const folder = content.readUInt32LE(content.length - 6);
    expect(content.readUInt32LE(folder + 38)).toBe(0);
  });

  it('has the handler where Lambda looks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'function-'));
    for (const [file, content] of Object.entries(read().files))
      writeFileSync(join(folder, file), content);
    // Lambda tries these names in this order for the handler `index.handler`.
    const found = ['index', 'index.js', 'index.mjs', 'index.cjs'].filter((each) =>
      readdirSync(folder).includes(each),
    );
    expect(found).toEqual(['index.cjs']);
    const load = `import(${JSON.stringify(join(folder, 'index.cjs'))}).then(({ handler }) => console.log(typeof handler))`;
    const variables = { AWS_REGION: 'us-east-1', TABLE_NAME: 't', RULE_PARAMETERS: '{}' };
    const said = execFileSync(process.execPath, ['-e', load], {
      encoding: 'utf8',
      env: { ...process.env, ...variables },
    });
    expect(said.trim()).toBe('function');
    rmSync(folder, { recursive: true });
  });

  it('is named in the template', () => {
    if (name === 'ripple') return;
    expect(readRelease('flow-log-key-rule.template.yaml')).toContain(
      `\${CodePrefix}${zipOf(name)}`,
    );
  });
});

describe('every package inside a bundle', () => {
  const all = { ...bundles, 'command-line': 'desk', cdk: 'cdk' };

  /** The packages of the modules in the source maps, which the build does not write from its own list. */
  const packagesIn = (bundle: string): readonly string[] => {
    const folder = join('dist', bundle);
    const sources = readdirSync(folder)
      .filter((each) => each.endsWith('.map'))
      .flatMap((each) => {
        const { sources } = JSON.parse(readFileSync(join(folder, each), 'utf8')) as {
          sources: readonly string[];
        };
        return sources;
      });
    const names = sources.flatMap(
      (each) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(each)?.slice(1) ?? [],
    );
    return [...new Set(names)].sort();
  };

  it.each(Object.entries(all))('%s is in its SBOM and has its notice', (name, bundle) => {
    const { components, serialNumber, metadata } = JSON.parse(readRelease(`${name}.cdx.json`)) as {
      components: readonly {
        name: string;
        version: string;
        purl: string;
        hashes: readonly object[];
      }[];
      serialNumber: string;
      metadata: { timestamp: string };
    };
    const listed = components.map((each) => each.name);
    const packages = packagesIn(bundle);
    expect(packages.filter((each) => !listed.includes(each))).toEqual([]);
    expect(packages.length).toBeGreaterThan(0);
    const notices = [
      readFileSync(join('dist', bundle, 'THIRD-PARTY-NOTICES.txt'), 'utf8'),
      readRelease('THIRD-PARTY-NOTICES.txt'),
    ];
    for (const each of components) {
      for (const text of notices) expect(text).toContain(`\n${each.name} ${each.version} (`);
      expect(each.purl).toBe(`pkg:npm/${each.name.replace('@', '%40')}@${each.version}`);
      expect(each.hashes).toEqual([
        { alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) as string },
      ]);
    }
    const noticed = notices[0]?.match(/^\S+ \S+ \([A-Za-z0-9.-]+\)$/gm);
    expect(noticed).toHaveLength(components.length);
    expect(serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const time = run('git', ['log', '-1', '--format=%ct']).trim();
    expect(Date.parse(metadata.timestamp)).toBe(Number(time) * 1000);
  });
});

describe('the policy for a role of the evaluator', () => {
  it('has the permissions of the role in the template, except those for table and queue', () => {
    interface Policy {
      readonly Statement: readonly {
        readonly Sid: string;
        readonly Action: string | readonly string[];
      }[];
    }
    const { Statement } = JSON.parse(readRelease('evaluator-policy.json')) as Policy;
    const inTemplate = readRelease('flow-log-key-rule.template.yaml');
    expect(Statement.map(({ Sid }) => Sid)).toEqual([
      'ListFlowLogs',
      'ReadBuckets',
      'ReadKeys',
      'ReadKeyPolicies',
      'AskOrganization',
      'Report',
      'FindOldResults',
      'WriteLogs',
    ]);
    for (const { Sid } of Statement) expect(inTemplate).toContain(`Sid: ${Sid}\n`);
  });
});

const {
  'AWS::CloudFormation::LambdaHook': withoutHooks,
  'AWS::Config::RemediationConfiguration': withoutRemediation,
} = table.regionsWithout;
const others = [...withoutHooks, ...withoutRemediation];
const regions = Object.values(table.regions).flat();
const has = (...lacking: readonly string[]) => regions.filter((each) => !lacking.includes(each));

const linter = execFileSync(process.execPath, ['build/cfn-lint.js'], { encoding: 'utf8' }).trim();

(linter === '' ? describe.skip : describe)('cfn-lint', () => {
  it.each([
    ['', has(...others)],
    ['-without-hook', withoutHooks],
    ['-without-start', withoutRemediation],
    ['-member', has(...withoutRemediation)],
    ['-member-without-start', withoutRemediation],
  ])('finds nothing in the template%s in any of its Regions', (name, of) => {
    const file = join(release, `flow-log-key-rule${name}.template.yaml`);
    // W3005: a dependency that a reference says too. The CDK writes both.
    const said = run(linter, ['--ignore-checks', 'W3005', '--regions', ...of, '--template', file]);
    expect(said).toBe('');
  });

  it('has a template of the rule and of a member for every Region', () => {
    expect([...has(...others), ...others].sort()).toEqual([...regions].sort());
  });
});
