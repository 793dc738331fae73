import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { homepage, files } from '../../../package.json';
import { checkCodes } from '../../../rule/model/verdict.ts';
import { flowLogKey } from '../command-line.ts';
import { samples } from './samples.ts';

interface Schema {
  readonly $id: string;
  readonly definitions: { readonly check: { readonly examples: readonly string[] } };
}

const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8')) as Schema;

/** The schema without room for fields that the schema does not describe. */
const closed = JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
  typeof value === 'object' && value !== null && 'properties' in value && 'type' in value
    ? { ...value, additionalProperties: false }
    : value,
) as object;

describe('the JSON Schema of the report', () => {
  it.each(Object.entries(samples))('describes every field of %s', async (_, args) => {
    const { out } = await flowLogKey('check', ...args, '--format', 'json');
    const ajv = new Ajv({ allErrors: true });
    ajv.validate(closed, JSON.parse(out));
    expect(ajv.errors).toBeNull();
    expect(out.slice(0, 25)).toBe('{\n  "schemaVersion": 1,\n ');
  });

  it('names every check, and its own address', () => {
    expect(schema.definitions.check.examples).toEqual(checkCodes);
    expect(schema.$id.startsWith(homepage)).toBe(true);
    expect(files).toContain('schema');
  });

  it.each([
    ['a report without problems', { problems: undefined }],
    ['another version', { schemaVersion: 2 }],
  ])('refuses %s', async (_, change) => {
    const { out } = await flowLogKey('check', ...samples.account, '--format', 'json');
    const report = { ...(JSON.parse(out) as object), ...change };
    expect(new Ajv().validate(schema, report)).toBe(false);
  });
});
