import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { readOptions } from '../../infra/options/options.ts';
import { organizationStacks } from '../../infra/organization/organization-stacks.ts';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { SecurityHubAdministrator } from '../../infra/rule/security-hub-administrator.ts';
import { organization } from '../infra/organization-templates.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** By name of the stack. */
type Templates = Readonly<Record<string, Template>>;

const region = 'us-east-1';
const remediation = { remediation: 'manual', remediationKeys: '*' };

/** The options with which commit ab7e477 made the kept templates. */
export const variants = {
  default: {},
  remediation,
  pack: { asConformancePack: true },
  findings: { detailedFindings: true, securityHubAdministrator: true },
  organization: { ...organization, ...remediation },
} as const;

export type Variant = keyof typeof variants;

/**
 * The templates of commit ab7e477, of 2026-11-24, the oldest deployments. Left out are the template in the StackSet, which is
 * here as FlowLogKeyRuleMember, and metadata.
 */
export const templatesBefore = (variant: Variant): Templates =>
  templatesOf(variant, JSON.parse(readFileSync('test/upgrade/ab7e477.json', 'utf8')) as Templates);

const templatesOf = (variant: Variant, all: Templates): Templates =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, template]) => {
      const [of, stack = ''] = name.split('/');
      return of === variant ? [[stack, template]] : [];
    }),
  );

const code = mkdtempSync(join(tmpdir(), 'upgrade-'));
for (const name of ['evaluate', 'mend', 'ripple']) {
  mkdirSync(join(code, name));
  writeFileSync(join(code, name, 'index.cjs'), 'exports.handler = async () => {};');
}

/** The templates of this commit, by the stacks and names of the app. */
export function templatesNow(variant: Variant): Templates {
  const options = readOptions(variants[variant], region);
  const app = new App();
  if (options.organization === undefined) {
    const stack = new Stack(app, 'FlowLogKeyRule', { env: { region } });
    const codes = { code: join(code, 'evaluate'), menderCode: join(code, 'mend') };
    new AccountRule(stack, 'FlowLogKeyRule', { options, ...codes });
  } else organizationStacks(app, { options, organization: options.organization, code });
  if (options.securityHubAdministrator)
    new SecurityHubAdministrator(app, 'FlowLogKeyRuleSecurityHub', { options });
  const { directory, stacks } = app.synth();
  const member = join(directory, 'member', 'FlowLogKeyRuleMember.template.json');
  return {
    ...Object.fromEntries(
      stacks.map(({ stackName, template }) => [stackName, template as Template]),
    ),
    ...(options.organization && {
      FlowLogKeyRuleMember: JSON.parse(readFileSync(member, 'utf8')) as Template,
    }),
  };
}
