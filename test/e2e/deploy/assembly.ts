import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { region } from '../organization-world.ts';
import { ministack, rootOf } from './ministack.ts';
import { put, type Place, type Template } from './stacks.ts';

const run = promisify(execFile);

/** The folder that the app synthesised into. */
export interface Assembly {
  readonly folder: string;
  /** By name of the stack. */
  readonly templates: Readonly<Record<string, Template>>;
  readonly remove: () => void;
}

export const readTemplate = (file: string): Template =>
  JSON.parse(readFileSync(file, 'utf8')) as Template;

/** Runs the app with these options as CDK does. The unit tests have the validations of CDK. */
export async function synthesise(
  options: Readonly<Record<string, unknown>>,
  accountId: string,
): Promise<Assembly> {
  const folder = mkdtempSync(join(tmpdir(), 'synthesised-'));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object };
  await run(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'infra/app.ts'], {
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...options }),
      CDK_DEFAULT_ACCOUNT: accountId,
      CDK_DEFAULT_REGION: region,
      CDK_VALIDATION: 'false',
    },
  });
  const files = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
  return {
    folder,
    templates: Object.fromEntries(
      files.map((name) => [name.replace('.template.json', ''), readTemplate(join(folder, name))]),
    ),
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// Assets -------------------------------------------------------------------------------------------------------------

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: 'zip' | 'file' };
        readonly destinations: Readonly<Record<string, Destination>>;
      }
    >
  >;
}

interface Destination {
  readonly bucketName: string;
  readonly objectKey: string;
  readonly region?: string;
}

/** What `cdk bootstrap` makes, as far as templates ask. */
export async function bootstrap({ cloud, accountId, where }: Place): Promise<void> {
  const client = new SSMClient(rootOf(cloud, accountId, where));
  const Name = '/cdk-bootstrap/hnb659fds/version';
  await client.send(
    new PutParameterCommand({ Name, Type: 'String', Value: '21', Overwrite: true }),
  );
}

/** Puts the assets of an assembly into the buckets of `cdk bootstrap`. */
export async function upload(place: Place, { folder }: Pick<Assembly, 'folder'>): Promise<void> {
  const { accountId, where = region } = place;
  await bootstrap(place);
  const manifests = readdirSync(folder).filter((name) => name.endsWith('.assets.json'));
  for (const manifest of manifests) {
    const { files } = JSON.parse(readFileSync(join(folder, manifest), 'utf8')) as AssetManifest;
    for (const { source, destinations } of Object.values(files))
      for (const { bucketName, objectKey, region: to = where } of Object.values(destinations)) {
        if (to !== where || source.packaging !== 'zip') continue;
        const Bucket = bucketName
          .replaceAll('${AWS::AccountId}', accountId)
          .replaceAll('${AWS::Region}', where);
        await put(place, { Bucket, Key: objectKey }, await zipped(join(folder, source.path)));
      }
  }
}

/** Puts a function that does nothing wherever a template looks for code. */
export async function uploadNothing(place: Place, { Resources }: Template): Promise<void> {
  const { accountId, where = region } = place;
  await bootstrap(place);
  const folder = mkdtempSync(join(tmpdir(), 'nothing-'));
  writeFileSync(join(folder, 'index.cjs'), 'exports.handler = async () => {};\n');
  const body = await zipped(folder);
  rmSync(folder, { recursive: true });
  for (const { Properties = {} } of Object.values(Resources)) {
    const { S3Key: Key } = (Properties.Code ?? {}) as { readonly S3Key?: string };
    const Bucket = `cdk-hnb659fds-assets-${accountId}-${where}`;
    if (Key !== undefined) await put(place, { Bucket, Key }, body);
  }
}

/** Puts a zip file of a release into a bucket. */
export async function uploadZip(
  place: Place,
  { file, ...to }: { readonly file: string; readonly Bucket: string; readonly Key: string },
): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'zip-'));
  const copy = join(parent, 'code.zip');
  cpSync(file, copy);
  await run(python, ['-c', APPEND, copy, INDEX]);
  await put(place, to, readFileSync(copy));
  rmSync(parent, { recursive: true });
}

const python = join(dirname(ministack), 'python3');
const APPEND =
  "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'a').writestr('index.js', sys.argv[2])";

/** ministack does not look for `index.cjs`, which Lambda does (loader.mjs). */
const INDEX = "module.exports = require('./index.cjs');\n";

async function zipped(folder: string): Promise<Buffer> {
  const parent = mkdtempSync(join(tmpdir(), 'zipped-'));
  const copy = join(parent, 'code');
  const file = join(parent, 'code.zip');
  try {
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, 'index.js'), INDEX);
    await run(python, ['-m', 'zipfile', '-c', file, ...readdirSync(copy)], { cwd: copy });
    return readFileSync(file);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
