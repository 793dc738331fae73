import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, type IPolicyValidationPlugin, Stage, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CentralStack } from './central-stack.ts';
import { MemberStack, type MemberStackProps } from './member-stack.ts';
import { type MemberRegions, MemberStackSets } from './member-stack-sets.ts';
import { tagAll } from '../rule/tag-all.ts';
import { canStartRunbooks, isChina, onlyPeopleStart } from '../regions.ts';

export interface OrganizationStacksProps extends Omit<MemberStackProps, 'canStartRunbooks'> {
  /** The account of the stacks, as far as the app knows. */
  readonly account?: string | undefined;
  /** The folder with the built functions. */
  readonly code?: string;
  /** The validations of the members' templates, which an app of their own makes. */
  readonly validations?: (app: App) => readonly IPolicyValidationPlugin[];
}

const IN_CHINA =
  'China has neither queries over many accounts nor StackSets that follow an organization: bring member/FlowLogKeyRuleMember.template.json to the accounts, and name the owners of buckets with ownerAccounts; edits of buckets and keys are judged on schedule only';

/**
 * The stacks of the central account, the home Region first, and then the StackSets, whose rules need the functions.
 * Returns the stacks of the central account.
 */
export function organizationStacks(
  scope: Construct,
  { code, account, validations, ...props }: OrganizationStacksProps,
): readonly CentralStack[] {
  const { options } = props;
  const { namePrefix } = options;
  const { regions, home } = props.organization;
  tagAll(scope, options);
  const env = (region: string) => ({ region, ...(account === undefined ? {} : { account }) });
  const centrals = regions.map((region) => {
    const stackName = `${namePrefix}FlowLogKeyRuleCentral-${region}`;
    return new CentralStack(scope, stackName, {
      ...props,
      ...(code === undefined ? {} : { code }),
      stackName,
      env: env(region),
      isHome: region === home,
      description: 'Judges the VPC flow logs of an organization',
    });
  });
  const [first, ...others] = centrals;
  for (const each of others) if (first) each.node.addDependency(first);
  const groups = memberRegions(scope, { ...props, ...(validations && { validations }) });
  if (first && options.remediation?.automatic === true) {
    const byHand = regions.filter((each) => !canStartRunbooks(each));
    if (byHand.length > 0) Annotations.of(first).addInfo(onlyPeopleStart(byHand));
  }
  if (first && isChina(home)) {
    Annotations.of(first).addInfo(IN_CHINA);
    return centrals;
  }
  const stackName = `${namePrefix}FlowLogKeyRuleMembers`;
  const members = new MemberStackSets(scope, stackName, {
    organization: props.organization,
    groups,
    stackName,
    env: env(home),
    description: 'Brings the rule for VPC flow logs to the accounts of an organization',
  });
  for (const each of centrals) members.node.addDependency(each);
  return centrals;
}

/**
 * The Regions like the home Region, and the other Regions, each with the template of a member. The templates are written
 * to the folder member/. A separate app makes the templates, because no stack of this account has them. CDK would ignore
 * the findings of the inner app, so this function reads the report.
 */
function memberRegions(
  scope: Construct,
  { validations, ...props }: Omit<OrganizationStacksProps, 'account' | 'code'>,
): readonly MemberRegions[] {
  const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
  const outdir = join(stage?.outdir ?? '', 'member');
  const inner = new App({
    outdir,
    analyticsReporting: false,
    context: scope.node.getAllContext() as Record<string, unknown>,
  });
  tagAll(inner, props.options);
  Validations.of(inner).addPlugins(...(validations?.(inner) ?? []));
  const { regions, home } = props.organization;
  const groups = [canStartRunbooks(home), !canStartRunbooks(home)]
    .map((kind) => ({
      canStartRunbooks: kind,
      regions: regions.filter((each) => canStartRunbooks(each) === kind),
    }))
    .filter((group) => group.regions.length > 0)
    .map((group, at) => ({
      ...group,
      stack: new MemberStack(inner, `FlowLogKeyRuleMember${at === 0 ? '' : '-other'}`, {
        ...props,
        canStartRunbooks: group.canStartRunbooks,
      }),
    }));
  const assembly = inner.synth();
  refuseFindings(join(outdir, 'validation-report.json'));
  return groups.map(({ stack, ...group }) => ({
    regions: group.regions,
    body: JSON.stringify(assembly.getStackArtifact(stack.artifactId).template),
  }));
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
