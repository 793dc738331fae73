import { ACCOUNT, PARTITION, text } from './definitions.ts';

/** The pattern of the first characters of names of roles. */
export const prefixOfRoles = (length: number): string => `[\\w+=,.@-]{1,${length}}`;

/** The parameters for all roles. */
export const roles = {
  PermissionsBoundaryArn: text(
    'Managed policy to bound every role',
    `${PARTITION}:iam::(${ACCOUNT}|aws):policy/[\\w+=,.@/-]+`,
  ),
  RolePath: {
    Type: 'String',
    Default: '/',
    AllowedPattern: '^(?!/aws-(service-role|reserved)/)/([\\w+=,.@-]{1,64}/){0,7}$',
    Description: 'Path of every role, with / at both ends',
  },
  RoleNamePrefix: text('First characters of the name of every role', prefixOfRoles(20)),
};
