import { Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { OrganizationOptions } from '../options/organization.ts';

/** The bus for changes. Only the forwarder roles of the organization may send events. */
export function changeBus(scope: Construct, { id, names }: OrganizationOptions): IEventBus {
  const stack = Stack.of(scope);
  const arn = stack.formatArn({
    service: 'events',
    resource: 'event-bus',
    resourceName: names.bus,
  });
  const { attrArn } = new CfnEventBus(scope, 'Bus', {
    name: names.bus,
    description: 'Changes of keys and buckets of all members',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Members',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'events:PutEvents',
          Resource: arn,
          Condition: {
            StringEquals: { 'aws:PrincipalOrgID': id },
            ArnLike: {
              'aws:PrincipalArn': `arn:${stack.partition}:iam::*:role/${names.forwarder}`,
            },
          },
        },
      ],
    },
  });
  return EventBus.fromEventBusArn(scope, 'Members', attrArn);
}
