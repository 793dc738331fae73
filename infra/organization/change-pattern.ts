const types = { resourceType: ['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::S3::Bucket'] };

/**
 * Changes that AWS Config recorded of what flow logs may depend on; an item that is too large comes as a summary.
 * https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
 */
export const changePattern = {
  source: ['aws.config'],
  'detail-type': ['Config Configuration Item Change'],
  detail: {
    $or: [{ configurationItem: types }, { configurationItemSummary: types }],
  },
};
