import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { boundedCache, cacheOf } from '../../basics/memory.ts';
import { assetFiles } from './cdk-output.ts';
import type { FoundTemplate, TemplateFiles } from './files.ts';
import { isNestedStack, type Resource, type Template } from './template.ts';

/** Finds the template of a stack resource; undefined where the template is not given. */
type FindNested = (template: Template, resource: Resource) => Template | undefined;

/** Finds nested templates among the assets of an app, which are read once for a folder, and beside a template. */
export function nestedTemplates({ templateAt, orProblem }: TemplateFiles): FindNested {
  const assets = boundedCache<ReadonlyMap<string, string>>(MAX_FOLDERS);
  return ({ file }, resource) => {
    if (!isNestedStack(resource)) return undefined;
    const folder = dirname(file);
    const { TemplateURL: url = resource.properties.Location ?? '' } = resource.properties;
    const hash = /[0-9a-f]{64}/.exec(JSON.stringify(url))?.[0] ?? '';
    const asset = assets(folder, () => assetFiles(folder, orProblem)).get(hash);
    const name = asset ?? (typeof url === 'string' ? url : '');
    const path = join(folder, name);
    return name !== '' && !name.includes('://') && existsSync(path) ? templateAt(path) : undefined;
  };
}

const MAX_FOLDERS = 1000;

/** A remark on nested stacks that nobody judges, because their template is not given. */
export function stacksNotGiven(
  found: readonly FoundTemplate[],
  nested: FindNested,
): readonly string[] {
  const names = found.flatMap(({ template }) =>
    Object.entries(template.resources)
      .filter(([, each]) => isNestedStack(each) && nested(template, each) === undefined)
      .map(([logicalId]) => `${logicalId} of ${template.file}`),
  );
  return names.length === 0
    ? []
    : [
        `nested stacks whose template is not given, and not judged: ${names.length}, such as ${names[0]}`,
      ];
}

/** The templates that no other template nests. Where templates nest each other in a circle, the first is a root. */
export function rootsOf(
  found: readonly FoundTemplate[],
  nested: FindNested,
): readonly FoundTemplate[] {
  const inside = cacheOf((template: Template): readonly Template[] =>
    Object.values(template.resources)
      .flatMap((resource) => nested(template, resource) ?? [])
      .filter((each) => each !== template),
  );
  const isNested = new Set(found.flatMap(({ template }) => inside(template)));
  const reached = new Set<Template>();
  const reach = (template: Template): void => {
    if (reached.has(template)) return;
    reached.add(template);
    for (const each of inside(template)) reach(each);
  };
  const firstRoots = found.filter(({ template }) => !isNested.has(template));
  for (const { template } of firstRoots) reach(template);
  const inCircles = found.filter(({ template }) => {
    const isNew = !reached.has(template);
    reach(template);
    return isNew;
  });
  return [...firstRoots, ...inCircles];
}
