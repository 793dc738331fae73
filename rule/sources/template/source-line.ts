import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { SourceLine } from '../../model/world.ts';
import { readText } from '../planned/read-text.ts';
import { type Template } from './template.ts';
import { membersOf } from './members.ts';

/** The line of the app that makes a resource, else the line of the template. */
export function sourceLine(
  { file, positionOf }: Template,
  logicalId: string,
  appLines: ReadonlyMap<string, SourceLine>,
): SourceLine | null {
  const position = positionOf(logicalId);
  return appLines.get(logicalId) ?? (position === undefined ? null : { file, ...position });
}

/**
 * The lines of an app by logical id, from the metadata of a stack. Leaves out files outside of the working folder: the app
 * was synthesised elsewhere.
 */
export function appLinesIn(metadataFile: string | undefined): ReadonlyMap<string, SourceLine> {
  return new Map(
    constructsIn(metadataFile).flatMap((entries) => {
      const dataOf = (type: string) =>
        [entries]
          .flat()
          .map(membersOf)
          .find((each) => each.type === `aws:cdk:${type}`)?.data;
      const logicalId = dataOf('logicalId');
      const frames = [dataOf('creationStack') ?? []].flat().map(String);
      const line = frames.map(lineIn).find((each) => each !== undefined);
      return typeof logicalId === 'string' && line !== undefined
        ? [[logicalId, line] as const]
        : [];
    }),
  );
}

/** The constructs of a stack; none where the metadata cannot be read: then the lines of the template stay. */
function constructsIn(metadataFile: string | undefined): readonly unknown[] {
  if (metadataFile === undefined || !existsSync(metadataFile)) return [];
  try {
    return Object.values(membersOf(JSON.parse(readText(metadataFile))));
  } catch {
    return [];
  }
}

/** The place in a stack frame, such as `VpcStack (/app/vpc.ts:23:13)`. */
function lineIn(frame: string): SourceLine | undefined {
  const [, path, line, column] = /([^\s(]+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  if (path === undefined || path.includes('node_modules')) return undefined;
  const file = relative(process.cwd(), resolve(path));
  const isInside = !file.startsWith(`..${sep}`) && existsSync(file);
  return isInside ? { file, line: Number(line), column: Number(column) } : undefined;
}
