import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CentralStack } from './central-stack.ts';
import { MemberStack, type MemberStackProps } from './member-stack.ts';
import { MemberStackSet } from './member-stack-set.ts';

export interface OrganizationStacksProps extends MemberStackProps {
  /** The folder with the built functions. */
  readonly code?: string;
}

/** The stacks of the central account, the home Region first, and then the StackSet, whose rules need the functions. */
export function organizationStacks(app: App, { code, ...props }: OrganizationStacksProps): void {
  const { regions, home } = props.organization;
  const centrals = regions.map((region) => {
    const isHome = region === home;
    return new CentralStack(app, `FlowLogKeyRuleCentral-${region}`, {
      ...props,
      ...(code === undefined ? {} : { code }),
      env: { region },
      isHome,
      description: 'Judges the VPC flow logs of an organization',
    });
  });
  const [first, ...others] = centrals;
  for (const each of others) if (first) each.addStackDependency(first);
  const members = new MemberStackSet(app, 'FlowLogKeyRuleMembers', {
    organization: props.organization,
    body: memberBody(app, props),
    env: { region: home },
    description: 'Brings the rule for VPC flow logs to the accounts of an organization',
  });
  for (const each of centrals) members.addStackDependency(each);
}

/**
 * The template of a member, written to member/FlowLogKeyRuleMember.template.json. A separate app makes the template,
 * because no stack of this account has it. CDK would ignore the findings of the inner app, so this function reads the report.
 */
function memberBody(app: App, props: MemberStackProps): string {
  const outdir = join(app.outdir, 'member');
  const inner = new App({
    outdir,
    analyticsReporting: false,
    context: app.node.getAllContext() as Record<string, unknown>,
  });
  Validations.of(inner).addPlugins(new AwsSolutionsChecks(inner));
  const member = new MemberStack(inner, 'FlowLogKeyRuleMember', props);
  const assembly = inner.synth();
  refuseFindings(join(outdir, 'validation-report.json'));
  return JSON.stringify(assembly.getStackArtifact(member.artifactId).template);
}

interface Report {
  readonly pluginReports?: readonly {
    readonly conclusion?: string;
    readonly violations?: readonly { readonly ruleName: string; readonly description?: string }[];
  }[];
}

function refuseFindings(file: string): void {
  if (!existsSync(file)) return;
  const { pluginReports = [] } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const found = pluginReports.flatMap(({ violations = [] }) => violations);
  if (found.length > 0)
    throw new Error(
      `the template of a member: ${found.map((each) => `${each.ruleName} ${each.description ?? ''}`).join('; ')}`,
    );
}
