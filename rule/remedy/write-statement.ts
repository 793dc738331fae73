import { Document, visit } from 'yaml';
import type { KeyStatement, OneOrMore } from '../model/key-statement.ts';
import type { StatementLanguage } from '../model/world.ts';

/**
 * Writes a key policy statement in the language of the key's owner. `AWS::AccountId` and `AWS::Region` in the statement
 * become what the language has for them.
 */
export const writeStatement = (statement: KeyStatement, language: StatementLanguage): string =>
  writers[language](statement);

/** The language for a key. A key that the templates or plans do not make has an ARN, and is edited elsewhere. */
export const languageFor = (
  keyArn: string | null,
  language: StatementLanguage,
): StatementLanguage => (keyArn?.startsWith('arn:') ? 'json' : language);

const writers: Record<StatementLanguage, (statement: KeyStatement) => string> = {
  json: (statement) => `${JSON.stringify(statement, longForm, 2)}\n`,
  terraform,
  cloudformation,
  cdk: (statement) =>
    `key.addToResourcePolicy(iam.PolicyStatement.fromJson(${withConstants(JSON.stringify(statement, null, 2))}));\n`,
};

/** A text with pseudo-parameters as a function of CloudFormation. The operand of the function comes by again. */
const longForm = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string' || name === 'Ref' || name === 'Fn::Sub') return value;
  if (PSEUDO.test(value)) return { Ref: value };
  return value.includes('${AWS::') ? { 'Fn::Sub': value } : value;
};

const PSEUDO = /^AWS::(AccountId|Region)$/;

/** The short form of the same functions. */
function cloudformation(statement: KeyStatement): string {
  const document = new Document([statement]);
  visit(document, {
    Scalar(_key, node) {
      const text = String(node.value);
      if (PSEUDO.test(text)) node.tag = '!Ref';
      else if (text.includes('${AWS::')) node.tag = '!Sub';
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Texts of JSON with pseudo-parameters as constants of the CDK. */
const withConstants = (json: string): string =>
  json
    .replace(/"AWS::AccountId"/g, 'cdk.Aws.ACCOUNT_ID')
    .replace(/"AWS::Region"/g, 'cdk.Aws.REGION')
    .replace(
      /"([^"\n]*\$\{AWS::[^"\n]*)"/g,
      (_, text: string) =>
        `\`${text.replaceAll('AWS::AccountId', 'cdk.Aws.ACCOUNT_ID').replaceAll('AWS::Region', 'cdk.Aws.REGION')}\``,
    );

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

/** A reference alone stands without quotes. */
const terraformText = (text: string): string =>
  /^data\.[\w.]+$/.test(text) ? text : JSON.stringify(text);
const terraformList = (values: OneOrMore): string =>
  `[${[values].flat().map(terraformText).join(', ')}]`;
