import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import type { KeyStatement } from '../../rule/model/key-statement.ts';
import { writeStatement } from '../../rule/remedy/write-statement.ts';
import { readHclStatement } from './hcl-statement.ts';

type Members = Record<string, unknown>;

/** A copy of a case whose key has one more statement, written as the source is. */
export function withStatement(path: string, key: string, statement: KeyStatement): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'mended-')), basename(path));
  cpSync(path, copy, { recursive: true });
  if (!statSync(copy).isDirectory()) {
    const plan = JSON.parse(readFileSync(copy, 'utf8')) as Plan;
    const values = { 'data.aws_caller_identity.current.account_id': '111122223333' };
    const hcl = writeStatement(statement, 'terraform');
    addToPlan(plan, key, readHclStatement(hcl, { ...values, ...regionsOf }));
    writeFileSync(copy, JSON.stringify(plan));
    return copy;
  }
  for (const name of readdirSync(copy)) {
    const file = join(copy, name);
    const text = readFileSync(file, 'utf8');
    const isYaml = /\.ya?ml$/.test(name);
    const written = writeStatement(statement, isYaml ? 'cloudformation' : 'json');
    const logicalId = key.split('.').at(-1) ?? '';
    const isStackOfKey = !key.includes('.') || name.startsWith(key.split('.')[0] ?? '');
    if (isYaml) writeFileSync(file, addToYaml(text, logicalId, written));
    else if (isStackOfKey && text.includes('"Resources"'))
      writeFileSync(file, addToJson(text, logicalId, written));
  }
  return copy;
}

const regionsOf = { 'data.aws_region.current.region': 'us-east-1' };

/** Text stays text: the places of the statements are found by the tree. */
function addToYaml(text: string, logicalId: string, written: string): string {
  const document: Document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  const at = ['Resources', logicalId, 'Properties'];
  const properties = document.getIn(at);
  if (!isMap(properties)) return text;
  const { contents } = parseDocument(written, { schema: 'failsafe', logLevel: 'silent' });
  const statements = document.getIn([...at, 'KeyPolicy', 'Statement']);
  if (!isSeq(contents)) throw new Error('the statement is no list of one');
  if (isSeq(statements)) statements.items.push(...contents.items);
  else document.setIn([...at, 'KeyPolicy'], { Version: '2012-10-17', Statement: contents });
  return document.toString();
}

function addToJson(text: string, logicalId: string, written: string): string {
  const template = JSON.parse(text) as { Resources: Record<string, { Properties: Members }> };
  const properties = template.Resources[logicalId]?.Properties;
  if (properties === undefined) return text;
  const { Statement = [] } = (properties.KeyPolicy ?? {}) as Members;
  properties.KeyPolicy = {
    Version: '2012-10-17',
    Statement: [Statement, JSON.parse(written) as object].flat(),
  };
  return JSON.stringify(template);
}

interface Plan {
  readonly resource_changes?: readonly Resource[];
  readonly prior_state?: State;
  readonly values?: State['values'];
}
interface State {
  readonly values?: { readonly root_module?: Module };
}
interface Module {
  readonly resources?: readonly { readonly address: string; readonly values: Members }[];
  readonly child_modules?: readonly Module[];
}
interface Resource {
  readonly address: string;
  readonly change: { after: Members | null; after_unknown: Members };
}

/** Adds to the policy of the key, and to a policy of the same name that is set apart. */
function addToPlan(plan: Plan, key: string, statement: object): void {
  const apart = key.replace('aws_kms_key.', 'aws_kms_key_policy.');
  for (const { address, change } of plan.resource_changes ?? []) {
    if (change.after === null || ![key, apart].includes(address)) continue;
    change.after.policy = withOneMore(change.after.policy, statement);
    delete change.after_unknown.policy;
  }
  const { root_module: root } = plan.values ?? plan.prior_state?.values ?? {};
  for (const { address, values } of resourcesIn(root))
    if ([key, apart].includes(address)) values.policy = withOneMore(values.policy, statement);
}

const resourcesIn = (module: Module = {}): NonNullable<Module['resources']> => [
  ...(module.resources ?? []),
  ...(module.child_modules ?? []).flatMap(resourcesIn),
];

function withOneMore(policy: unknown, statement: object): string {
  const { Statement = [] } = JSON.parse(typeof policy === 'string' ? policy : '{}') as Members;
  return JSON.stringify({ Version: '2012-10-17', Statement: [Statement, statement].flat() });
}
