import { isAbsolute, relative, resolve, sep } from 'node:path';

export interface ReportRoot {
  /** The folder of the repository: code hosts know files by their paths from this folder. */
  readonly root: string;
}

/** The path of a file from the root, with slashes; a file outside of the root keeps its absolute path. */
export function rootPath(file: string, { root }: ReportRoot): string {
  const path = relative(root, resolve(file));
  const isOutside = path === '' || path.split(sep)[0] === '..' || isAbsolute(path);
  return (isOutside ? resolve(file) : path).replaceAll(sep, '/');
}
