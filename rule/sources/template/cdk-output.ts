import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../planned/read-text.ts';
import { type Members, membersOf, scalarText } from './members.ts';

/** A stack in the output of the CDK. */
export interface CdkStack {
  readonly file: string;
  /** The name in AWS. */
  readonly stackName: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** The names of the stacks of the app that are deployed before. */
  readonly dependencies: readonly string[];
  /** The file with the places of constructs in the app, where there is one. */
  readonly metadataFile: string | undefined;
}

/** The content of a file; undefined where the file cannot be read, which becomes a problem. */
export type OrProblem = <T>(file: string, read: () => T) => T | undefined;

const MANIFEST = 'manifest.json';

export const isCdkOutput = (folder: string): boolean =>
  existsSync(join(folder, MANIFEST)) && existsSync(join(folder, 'cdk.out'));

/**
 * The stacks of an app, with the stacks of its stages.
 * https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
 */
export function readCdkOutput(folder: string, orProblem: OrProblem): readonly CdkStack[] {
  const artifacts = membersOfFile(join(folder, MANIFEST), 'artifacts', orProblem).map(
    ([id, artifact]) => ({ id, artifact: membersOf(artifact) }),
  );
  const nameOf = (id: string): string => {
    const found = artifacts.find((each) => each.id === id)?.artifact;
    return scalarText(membersOf(found?.properties).stackName ?? id);
  };
  return artifacts.flatMap(({ id, artifact }) => {
    const { directoryName, templateFile } = membersOf(artifact.properties);
    if (artifact.type === 'cdk:cloud-assembly')
      return readCdkOutput(join(folder, String(directoryName)), orProblem);
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    const { additionalMetadataFile: metadata, dependencies } = artifact;
    return {
      file: join(folder, String(templateFile)),
      stackName: nameOf(id),
      ...environmentOf(artifact),
      dependencies: [dependencies ?? []].flat().map((each) => nameOf(scalarText(each))),
      metadataFile: metadata === undefined ? undefined : join(folder, scalarText(metadata)),
    };
  });
}

function environmentOf({ environment }: Members) {
  const [, account, region] = /^aws:\/\/([^/]*)\/(.*)$/.exec(String(environment)) ?? [];
  return {
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
  };
}

/** The files of all assets of a folder by their hash: a nested stack is an asset. */
export function assetFiles(folder: string, orProblem: OrProblem): ReadonlyMap<string, string> {
  const manifests = readdirSync(folder).filter((name) => name.endsWith('.assets.json'));
  return new Map(
    manifests
      .flatMap((name) => membersOfFile(join(folder, name), 'files', orProblem))
      .map(([hash, asset]) => [hash, String(membersOf(membersOf(asset).source).path)]),
  );
}

/** The members of an object in a file that the CDK writes. */
const membersOfFile = (file: string, name: string, orProblem: OrProblem) =>
  Object.entries(membersOf(orProblem(file, () => readJson(file))?.[name]));

function readJson(file: string): Members {
  try {
    return membersOf(JSON.parse(readText(file)));
  } catch {
    throw new Error('cannot be read as JSON: synthesise the app again');
  }
}
