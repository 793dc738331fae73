import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { errorText } from '../rule/basics/text.ts';
import { AccountRule } from './rule/account-rule.ts';
import { readOptions } from './options/options.ts';
import { organizationStacks } from './organization/organization-stacks.ts';
import { SecurityHubAdministrator } from './rule/security-hub-administrator.ts';

/** Makes the stacks that the options ask for. A mistake in the options prints a message without a stack trace. */
try {
  const app = new App();
  // The CDK command line names the Region of the deployment, and some Regions lack types that others have.
  const region = process.env.CDK_DEFAULT_REGION;
  const options = readOptions(app.node.getAllContext() as Record<string, unknown>, region);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { namePrefix, organization, tags } = options;
  if (organization === undefined) {
    const stack = new Stack(app, `${namePrefix}FlowLogKeyRule`, {
      tags,
      ...(region === undefined ? {} : { env: { region } }),
      description: 'AWS Config rule: will AWS be able to write each VPC flow log into its bucket?',
    });
    new AccountRule(stack, 'FlowLogKeyRule', { options });
  } else {
    const validations = (members: App) => [new AwsSolutionsChecks(members)];
    organizationStacks(app, { options, organization, validations });
  }
  if (options.securityHubAdministrator)
    new SecurityHubAdministrator(app, `${namePrefix}FlowLogKeyRuleSecurityHub`, { options });
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = 1;
}
