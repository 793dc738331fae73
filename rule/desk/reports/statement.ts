import { stringify } from 'yaml';
import type { KeyStatement, OneOrMore } from '../../model/key-statement.ts';

/** The ways to write a statement down. */
export const statementFormats = ['json', 'terraform', 'cloudformation', 'cdk'] as const;
export type StatementFormat = (typeof statementFormats)[number];

/** A statement as it is written where the key is made. */
export const writeStatement = (statement: KeyStatement, format: StatementFormat): string =>
  writers[format](statement);

const writers: Record<StatementFormat, (statement: KeyStatement) => string> = {
  json: (statement) => `${JSON.stringify(statement, null, 2)}\n`,
  terraform,
  cloudformation: (statement) => stringify([statement], { lineWidth: 0 }),
  cdk: (statement) =>
    `key.addToResourcePolicy(iam.PolicyStatement.fromJson(${JSON.stringify(statement, null, 2)}));\n`,
};

/** A block for https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
function terraform({ Sid, Effect, Principal, Action, Resource, Condition }: KeyStatement): string {
  const conditions = Object.entries(Condition).flatMap(([test, keys]) =>
    Object.entries(keys).flatMap(([variable, values]) => [
      '',
      '  condition {',
      `    test     = ${quoted(test)}`,
      `    variable = ${quoted(variable)}`,
      `    values   = ${list(values)}`,
      '  }',
    ]),
  );
  return [
    'statement {',
    `  sid       = ${quoted(Sid)}`,
    `  effect    = ${quoted(Effect)}`,
    `  actions   = ${list(Action)}`,
    `  resources = ${list(Resource)}`,
    '',
    '  principals {',
    '    type        = "Service"',
    `    identifiers = ${list(Principal.Service)}`,
    '  }',
    ...conditions,
    '}',
    '',
  ].join('\n');
}

const quoted = (text: string): string => JSON.stringify(text);
const list = (values: OneOrMore): string => `[${[values].flat().map(quoted).join(', ')}]`;
