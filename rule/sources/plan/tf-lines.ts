import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceLine } from '../../model/world.ts';
import { readText } from '../planned/read-text.ts';
import { moduleOf } from './configuration.ts';
import type { Instance, Plan } from './instances.ts';
import { objectOf, filledText } from './json-path.ts';
import type { AddressStep } from './address.ts';

/** Finds the line of a resource in the .tf files of a folder; null where the folder lacks the resource. */
export function linesIn(source: string): (instance: Instance) => SourceLine | null {
  const linesOfFolder = new Map<string, ReadonlyMap<string, SourceLine>>();
  return ({ plan, modules, type, name }) => {
    const folder = folderOfModule(source, modules, plan);
    if (folder === undefined) return null;
    const lines = linesOfFolder.get(folder) ?? blocksInFolder(folder);
    linesOfFolder.set(folder, lines);
    return lines.get(`${type}.${name}`) ?? null;
  };
}

/** The folder of a module; undefined for a module that comes from elsewhere. */
function folderOfModule(
  source: string,
  modules: readonly AddressStep[],
  plan: Plan,
): string | undefined {
  let folder = source;
  for (const [depth, { name }] of modules.entries()) {
    const calls = objectOf(moduleOf(plan, modules.slice(0, depth)).module_calls);
    const place = filledText(objectOf(calls[name]).source);
    if (place === undefined || !/^\.\.?(\/|$)/.test(place)) return undefined;
    folder = join(folder, place);
  }
  return folder;
}

const BLOCK = /^([ \t]*)resource[ \t]+"?([\w-]+)"?[ \t]+"?([\w-]+)"?/gm;

function blocksInFolder(folder: string): ReadonlyMap<string, SourceLine> {
  const lines = new Map<string, SourceLine>();
  if (!existsSync(folder)) return lines;
  for (const name of readdirSync(folder).sort()) {
    if (!/\.(tf|tofu)$/.test(name)) continue;
    const file = join(folder, name);
    const text = readText(file);
    for (const { 1: indent = '', 2: type, 3: block, index } of text.matchAll(BLOCK)) {
      const line = text.slice(0, index).split('\n').length;
      lines.set(`${type}.${block}`, { file, line, column: indent.length + 1 });
    }
  }
  return lines;
}
