import { type Acknowledgment, Stack, Validations } from 'aws-cdk-lib';
import {
  type IPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** One statement of a role's policy. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The reason for a wildcard among the resources, which cdk-nag asks for. */
  readonly why?: string;
}

export interface WrittenRoleProps {
  readonly description: string;
  /** The fixed name of a role that other accounts refer to. */
  readonly roleName?: string;
  readonly assumedBy: IPrincipal;
  /** The name of the inline policy. */
  readonly policy: string;
  readonly permissions: readonly Permission[];
  readonly permissionsBoundaryArn: string | undefined;
}

/** A role with exactly these permissions, in one inline policy. Gives cdk-nag the reason for each wildcard. */
export function writtenRole(scope: Construct, props: WrittenRoleProps): Role {
  const { description, roleName, assumedBy, policy, permissions } = props;
  const { permissionsBoundaryArn: bounds } = props;
  const role = new Role(scope, 'Role', {
    description,
    ...(roleName === undefined ? {} : { roleName }),
    assumedBy,
    ...(bounds === undefined
      ? {}
      : { permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', bounds) }),
    inlinePolicies: { [policy]: new PolicyDocument({ statements: permissions.map(statement) }) },
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

const statement = ({ sid, actions, resources, conditions = {} }: Permission): PolicyStatement =>
  new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions });

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
