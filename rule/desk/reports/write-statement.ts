import { stringify } from 'yaml';
import type { KeyStatement, OneOrMore } from '../../model/key-statement.ts';

export const statementFormats = ['json', 'terraform', 'cloudformation', 'cdk'] as const;
export type StatementFormat = (typeof statementFormats)[number];

/** Writes a key policy statement in the language of the key's owner. */
export const writeStatement = (statement: KeyStatement, format: StatementFormat): string =>
  writers[format](statement);

const writers: Record<StatementFormat, (statement: KeyStatement) => string> = {
  json: (statement) => `${JSON.stringify(statement, null, 2)}\n`,
  terraform,
  cloudformation: (statement) => stringify([statement], { lineWidth: 0 }),
  cdk: (statement) =>
    `key.addToResourcePolicy(iam.PolicyStatement.fromJson(${JSON.stringify(statement, null, 2)}));\n`,
};

/** Writes a block for https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
function terraform({ Sid, Effect, Principal, Action, Resource, Condition }: KeyStatement): string {
  const conditions = Object.entries(Condition).flatMap(([test, keys]) =>
    Object.entries(keys).flatMap(([variable, values]) => [
      '',
      '  condition {',
      `    test     = ${terraformText(test)}`,
      `    variable = ${terraformText(variable)}`,
      `    values   = ${terraformList(values)}`,
      '  }',
    ]),
  );
  return [
    'statement {',
    `  sid       = ${terraformText(Sid)}`,
    `  effect    = ${terraformText(Effect)}`,
    `  actions   = ${terraformList(Action)}`,
    `  resources = ${terraformList(Resource)}`,
    '',
    '  principals {',
    '    type        = "Service"',
    `    identifiers = ${terraformList(Principal.Service)}`,
    '  }',
    ...conditions,
    '}',
    '',
  ].join('\n');
}

const terraformText = (text: string): string => JSON.stringify(text);
const terraformList = (values: OneOrMore): string =>
  `[${[values].flat().map(terraformText).join(', ')}]`;
