import type { FlowLog } from './facts.ts';

/** The service principal for delivery of flow logs to S3: the same in every verified partition. */
export const deliveryService = 'delivery.logs.amazonaws.com';

/** The source ARN of a delivery, as a pattern: AWS does not document the text after the last colon. */
export const sourceArn = ({
  partition,
  region,
  accountId,
}: Pick<FlowLog, 'partition' | 'region' | 'accountId'>): string =>
  `arn:${partition}:logs:${region}:${accountId}:*`;
