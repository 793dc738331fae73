import { parseJson } from '../../basics/text.ts';
import { isObject } from '../../policy/json.ts';
import { readText } from '../planned/read-text.ts';
import type { PlanObject } from './json-path.ts';

const SHOW = 'run terraform show -json, or tofu show -json, and give the output';

/**
 * Reads the output of `show -json` for a plan or a state. Throws an Error with the reason why a file is neither.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
export function readPlanFile(file: string): PlanObject {
  const text = readText(file);
  if (text.startsWith('PK')) throw new Error(`is a binary plan: ${SHOW} of this file`);
  if (text.trim() === '') throw new Error(`is empty: ${SHOW}`);
  if (/^\s*\{"@level"/.test(text)) throw new Error(`is the log of a run with -json: ${SHOW}`);
  if (text.startsWith('[command]'))
    throw new Error(
      'begins with a line of the wrapper of setup-terraform: set terraform_wrapper: false, and show the plan again',
    );
  const content = parsed(text);
  if (!isObject(content)) throw new Error(`is no plan: ${SHOW}`);
  const { format_version: version } = content;
  if (typeof version !== 'string') throw new Error(whyNoPlan(content));
  if (!/^[01]\.\d+$/.test(version))
    throw new Error(
      `has format version ${version.slice(0, 20)}, of which 0.2 to 1.x are known: show the plan with another version of Terraform or OpenTofu`,
    );
  return content;
}

/** The position helps in short files only: `show -json` writes a single line. */
function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    const column = position - before.lastIndexOf('\n');
    throw new Error(`is not JSON, at line ${line}, column ${column}: ${SHOW}`);
  }
}

function whyNoPlan(content: PlanObject): string {
  if ('Resources' in content || 'AWSTemplateFormatVersion' in content)
    return 'is no plan but a CloudFormation template: give the file with --template';
  if ('encrypted_data' in content) return `is encrypted: ${SHOW}`;
  return 'lineage' in content || 'serial' in content || content.version === 4
    ? `is a raw state: ${SHOW}`
    : `is no plan, format_version is missing: ${SHOW}`;
}
