import { Stack, Validations } from 'aws-cdk-lib';
import {
  type IPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Permission } from './permissions.ts';

export interface WrittenRoleProps {
  readonly description: string;
  /** Where others know it by name. */
  readonly roleName?: string;
  readonly assumedBy: IPrincipal;
  /** The name of its one policy. */
  readonly policy: string;
  readonly permissions: readonly Permission[];
  readonly permissionsBoundaryArn: string | undefined;
}

/** A role that may do what is written out; where a wildcard stands, cdk-nag hears why. */
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
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${nagWords(written)}]`,
        reason: why,
      });
    }
  return role;
}

const statement = ({ sid, actions, resources, conditions = {} }: Permission): PolicyStatement =>
  new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions });

/** A resource as cdk-nag writes it: references in angle brackets. */
function nagWords(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const joined = resource as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  const [by, parts] = joined['Fn::Join'];
  const words = parts.map((part) =>
    typeof part === 'string' ? part : `<${(part as { readonly Ref: string }).Ref}>`,
  );
  return words.join(by);
}
