import { App } from 'aws-cdk-lib';
import { readOptions } from '../options/options.ts';
import { MemberStack } from '../organization/member-stack.ts';
import type { Context } from './choices.ts';
import { type JsonObject, omit } from './json.ts';
import { homeRegion, madeUpOptions, namePrefix, STACK } from './made-up.ts';
import { groupsOfMember } from './parameters.ts';
import { releasedTemplate } from './released-template.ts';
import type { Synthesised } from './release-input.ts';

/** The template of a member for a StackSet. In some Regions AWS Config cannot start runbooks. */
export function memberTemplate(canStartRunbooks: boolean): JsonObject {
  const { organizationId, roleNamePrefix } = madeUpOptions;
  const fixed = { organizationId, roleNamePrefix, namePrefix };
  // These options are about functions, which the central account has.
  const central = ['readerRoleName', 'hook', 'encryptionKeyArn', 'subnetIds', 'securityGroupIds'];
  const options = omit<string>(madeUpOptions, ...central, ...Object.keys(fixed));
  return releasedTemplate({
    synth: (context) => synthMember({ ...context, ...fixed }, canStartRunbooks),
    options,
    groups: groupsOfMember,
  });
}

/** The template of a member that the CDK app makes with these options. */
export function synthMember(given: Context, canStartRunbooks: boolean): Synthesised {
  const app = new App({ analyticsReporting: false });
  // The template of a member has the id and the home Region of the organization, and no other options of these.
  const units = { organizationalUnits: 'r-ab12', memberAccounts: '123456789012' };
  const options = readOptions({ regions: homeRegion, ...units, ...given });
  const { organization } = options;
  if (organization === undefined) throw new Error('no organization');
  new MemberStack(app, STACK, { options, organization, canStartRunbooks });
  return app.synth().getStackByName(STACK).template as Synthesised;
}
