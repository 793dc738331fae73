import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorText } from '../../basics/text.ts';
import { STANDARD_INPUT, type Problem } from '../../model/problem.ts';
import { readText } from '../planned/read-text.ts';
import { isCdkOutput, readCdkOutput, type CdkStack, type OrProblem } from './cdk-output.ts';
import { parseJsonFile } from './json-file.ts';
import { templateIn, type ParsedFile, type Template } from './template.ts';
import type { Given } from './known-list.ts';
import { membersOf } from './members.ts';
import { parseYaml } from './yaml-file.ts';

/** The templates of all paths, and the problems of files that were not read. */
export interface TemplateFiles {
  readonly found: readonly FoundTemplate[];
  /** The template in a file that another template names; a file that cannot be read becomes a problem. */
  readonly templateAt: (path: string) => Template | undefined;
  readonly orProblem: OrProblem;
  readonly problems: readonly Problem[];
  readonly remarks: readonly string[];
  /** The text of all files. */
  readonly text: () => string;
}

export interface FoundTemplate {
  readonly template: Template;
  readonly stack: CdkStack | undefined;
}

/** A file to read, and whether a person named it. */
interface Candidate {
  readonly file: string;
  readonly isNamed: boolean;
  readonly stack?: CdkStack;
}

/** Reads files and folders. All templates of a folder count; only the stacks count in output of the CDK. */
export function readTemplateFiles(paths: readonly string[], given: Given): TemplateFiles {
  const texts = new Map<string, string>();
  const templates = new Map<string, Template | undefined>();
  const load = (path: string): Template | undefined => {
    const name = resolve(path);
    if (!templates.has(name)) {
      templates.set(name, undefined);
      const text = readText(path);
      texts.set(name, text);
      templates.set(name, templateFrom(path, text, given));
    }
    return templates.get(name);
  };
  const problems: Problem[] = [];
  const orProblem: OrProblem = (file, read) => {
    try {
      return read();
    } catch (error) {
      problems.push({ file, item: null, message: errorText(error) });
      return undefined;
    }
  };
  const templateAt = (path: string) => orProblem(path, () => load(path));
  const found: FoundTemplate[] = [];
  /** An app may have stacks without resources. */
  const emptyStacks: CdkStack[] = [];
  const seen = new Set<string>();
  const [twice, passedOver]: [string[], string[]] = [[], []];
  for (const { file, isNamed, stack } of paths.flatMap((path) => filesAt(path, orProblem))) {
    if (seen.has(resolve(file))) {
      twice.push(file);
      continue;
    }
    seen.add(resolve(file));
    try {
      const template = load(file);
      if (template !== undefined) found.push({ template, stack });
      else if (stack !== undefined) emptyStacks.push(stack);
      else if (isNamed) throw new Error('is no CloudFormation template: it has no Resources');
      else passedOver.push(file);
    } catch (error) {
      const text = texts.get(resolve(file));
      if (isNamed || text === undefined || looksLikeTemplate(text))
        problems.push({ file, item: null, message: errorText(error) });
      else passedOver.push(file);
    }
  }
  if (found.length + emptyStacks.length + problems.length === 0)
    problems.push({ file: paths.join(', '), item: null, message: 'has no template' });
  const remarks = [
    ...twice.map((file) => `${file} is given twice, and judged once`),
    ...(passedOver.length === 0
      ? []
      : [`files that are no template: ${passedOver.length}, such as ${passedOver[0]}`]),
  ];
  const text = (): string => [...texts.values()].join('\n');
  return { found, templateAt, orProblem, problems, remarks, text };
}

function templateFrom(file: string, text: string, given: Given): Template | undefined {
  const parsed = parseTemplate(text);
  const { format_version: plan, serial } = membersOf(parsed.content);
  if (plan !== undefined || serial !== undefined)
    throw new Error('is no CloudFormation template but of Terraform: give it with --plan');
  return templateIn(file, parsed, given);
}

/**
 * Reads the text of a template: JSON begins with a brace, perhaps behind a byte order mark. Throws an Error with the place of
 * a mistake.
 */
export const parseTemplate = (text: string): ParsedFile =>
  /^\s*[{[]/.test(text) ? parseJsonFile(text.replace(/^\uFEFF/, '')) : parseYaml(text);

/** A broken file with these words in a folder is a template, and no chart of another tool. */
const looksLikeTemplate = (text: string): boolean =>
  /AWSTemplateFormatVersion|\bAWS::(EC2::FlowLog|S3::Bucket|KMS::)/.test(text);

const filesAt = (path: string, orProblem: OrProblem): readonly Candidate[] =>
  orProblem(path, () =>
    path !== STANDARD_INPUT && existsSync(path) && statSync(path).isDirectory()
      ? filesIn(path, orProblem)
      : [{ file: path, isNamed: true }],
  ) ?? [];

function filesIn(folder: string, orProblem: OrProblem): readonly Candidate[] {
  if (isCdkOutput(folder))
    return readCdkOutput(folder, orProblem).map((stack) => ({
      file: stack.file,
      isNamed: true,
      stack,
    }));
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): readonly Candidate[] => {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesIn(file, orProblem);
      return /\.(json|ya?ml|template)$/i.test(entry.name) ? [{ file, isNamed: false }] : [];
    });
}

const skipped: ReadonlySet<string> = new Set(['node_modules', '.git']);
