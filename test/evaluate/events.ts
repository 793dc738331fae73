import type { Context } from 'aws-lambda';
import { account, keyArn, keyId, region } from '../world.ts';

/** Events of AWS Config; each fixture changes one thing. */
export const capturedAt = '2026-11-23T10:00:00.000Z';
export const notifiedAt = '2026-11-23T11:00:00.000Z';

export const context = {
  invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:evaluator`,
  awsRequestId: 'request',
  functionName: 'evaluator',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

export const flowLogItem = {
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: capturedAt,
  configurationItemStatus: 'OK',
  awsAccountId: account,
  awsRegion: region,
  resourceType: 'AWS::EC2::FlowLog',
  resourceId: 'fl-1',
  ARN: `arn:aws:ec2:${region}:${account}:vpc-flow-log/fl-1`,
  configuration: { flowLogId: 'fl-1' },
  supplementaryConfiguration: {},
};

export const bucketItem = {
  ...flowLogItem,
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'example-flow-logs',
  ARN: 'arn:aws:s3:::example-flow-logs',
};

export const keyItem = {
  ...flowLogItem,
  resourceType: 'AWS::KMS::Key',
  resourceId: keyId,
  ARN: keyArn,
  configuration: { keyManager: 'CUSTOMER' },
};

/** An event around a message; `around` changes the event itself. */
export const event = (message: object, around: object = {}) => ({
  version: '1.0',
  accountId: account,
  configRuleName: 'flow-log-key-allows-delivery',
  configRuleArn: `arn:aws:config:${region}:${account}:config-rule/config-rule-1`,
  configRuleId: 'config-rule-1',
  resultToken: 'token',
  eventLeftScope: false,
  invokingEvent: JSON.stringify(message),
  ...around,
});

export const change = (configurationItem: object, around: object = {}, diff?: object) =>
  event(
    {
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem,
      configurationItemDiff: diff ?? null,
      notificationCreationTime: notifiedAt,
    },
    around,
  );

/** A change of an item too large to send: AWS Config sends a summary without the configuration. */
export const oversized = (item: typeof flowLogItem | typeof keyItem, around: object = {}) =>
  event(
    {
      messageType: 'OversizedConfigurationItemChangeNotification',
      configurationItemSummary: {
        ...item,
        configuration: undefined,
        supplementaryConfiguration: undefined,
      },
      notificationCreationTime: notifiedAt,
    },
    around,
  );

export const scheduled = (around: object = {}) =>
  event(
    {
      messageType: 'ScheduledNotification',
      awsAccountId: account,
      notificationCreationTime: notifiedAt,
    },
    around,
  );
