import { type Acknowledgment, Stack, Validations } from 'aws-cdk-lib';
import {
  Effect,
  type IPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Options } from '../options/options.ts';
import { roleName } from '../organization/names.ts';
import { checkLength } from './quotas.ts';

/** One statement of a role's policy. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
  /** Set in a statement that takes away. */
  readonly effect?: Effect.DENY;
  /** The reason for a wildcard among the resources, which cdk-nag asks for. */
  readonly why?: string;
}

export interface WrittenRoleProps {
  readonly description: string;
  /** The name of a role, with or without the path; undefined if CloudFormation may choose the name. */
  readonly roleName?: string | undefined;
  readonly assumedBy: IPrincipal;
  /** The name of the inline policy. */
  readonly policy: string;
  readonly permissions: readonly Permission[];
  readonly options: RoleOptions;
}

export type RoleOptions = Pick<
  Options,
  'namePrefix' | 'permissionsBoundaryArn' | 'rolePath' | 'roleNamePrefix'
>;

/**
 * The name of a role that is for one Region; undefined if CloudFormation may choose the name. Roles of all Regions share
 * the names of an account, so the name has the Region.
 */
export const ownRoleName = (scope: Construct, options: RoleOptions, task: string) =>
  options.roleNamePrefix === ''
    ? undefined
    : roleName(options, `${task}-${Stack.of(scope).region}`);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_POLICY_LENGTH = 10_240;

/** A role with exactly these permissions, in one inline policy. Gives cdk-nag the reason for each wildcard. */
export function writtenRole(scope: Construct, props: WrittenRoleProps): Role {
  const { description, roleName: withPath, assumedBy, policy, permissions } = props;
  const { permissionsBoundaryArn: bounds, rolePath } = props.options;
  const document = new PolicyDocument({ statements: permissions.map(statement) });
  checkLength(scope, {
    subject: `policy ${policy} of a role`,
    value: document,
    max: MAX_POLICY_LENGTH,
    next: 'name fewer keys to mend, or one tag in their place',
  });
  const role = new Role(scope, 'Role', {
    description,
    ...(withPath === undefined ? {} : { roleName: withPath.slice(withPath.lastIndexOf('/') + 1) }),
    ...(rolePath === '/' ? {} : { path: rolePath }),
    assumedBy,
    ...(bounds === undefined
      ? {}
      : { permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', bounds) }),
    inlinePolicies: { [policy]: document },
  });
  for (const { resources, why } of permissions)
    for (const resource of resources) {
      if (why === undefined) continue;
      const written = Stack.of(scope).resolve(resource) as unknown;
      acknowledge(role, {
        id: `AwsSolutions-IAM5[Resource::${nagWords(written)}]`,
        reason: why,
      });
    }
  return role;
}

/** An older CDK, whose users have an older cdk-nag, knows no acknowledgements. */
function acknowledge(role: Role, acknowledgment: Acknowledgment): void {
  if ('acknowledge' in Validations.prototype) Validations.of(role).acknowledge(acknowledgment);
}

const statement = (permission: Permission): PolicyStatement => {
  const { sid, actions, resources, conditions = {}, effect = Effect.ALLOW } = permission;
  return new PolicyStatement({
    sid,
    effect,
    actions: [...actions],
    resources: [...resources],
    conditions,
  });
};

/** A resource in the notation of cdk-nag: references stand in angle brackets. */
function nagWords(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const joined = resource as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  const [by, parts] = joined['Fn::Join'];
  const words = parts.map((part) =>
    typeof part === 'string' ? part : `<${(part as { readonly Ref: string }).Ref}>`,
  );
  return words.join(by);
}
