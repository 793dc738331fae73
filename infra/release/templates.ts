import table from '../regions.json';
import type { JsonObject } from './json.ts';
import { regionsWithout } from './made-up.ts';
import { memberTemplate } from './member-template.ts';
import { type CodeFiles, ruleTemplate } from './rule-template.ts';
import { templateYaml } from './yaml.ts';

const {
  'AWS::CloudFormation::LambdaHook': withoutHooks,
  'AWS::Config::RemediationConfiguration': withoutRemediation,
} = table.regionsWithout;

/** The Regions of a template, for the comment at the top. */
const only = (regions: readonly string[]): string => `For ${regions.join(', ')} only.`;
const except = (...lists: readonly (readonly string[])[]): string =>
  `For all Regions except ${lists.flat().join(', ')}: these lack a type, and have a template of their own.`;

/** The templates of a release as YAML, by the names of the files. A template with a type that a Region lacks is refused there. */
export function releasedTemplates(
  files: CodeFiles,
  version: string,
): Readonly<Record<string, string>> {
  const rule = (region?: string): JsonObject => ruleTemplate({ files, dist: 'dist', region });
  const templates: readonly (readonly [string, JsonObject, string])[] = [
    ['', rule(), except(withoutHooks, withoutRemediation)],
    ['-without-hook', rule(regionsWithout.hook), only(withoutHooks)],
    ['-without-start', rule(regionsWithout.remediation), only(withoutRemediation)],
    ['-member', memberTemplate(true), except(withoutRemediation)],
    ['-member-without-start', memberTemplate(false), only(withoutRemediation)],
  ];
  return Object.fromEntries(
    templates.map(([name, template, regions]) => [
      `flow-log-key-rule${name}.template.yaml`,
      templateYaml(template, `flow-log-key-rule ${version}\n${regions}\n${STAYS}`),
    ]),
  );
}

const STAYS = `The CDK app has more: a conformance pack, the Security Hub administrator's account, and the central account of an
organization, which needs a list of all accounts.`;
