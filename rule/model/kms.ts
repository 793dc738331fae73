/** Bytes of a key policy that KMS takes. https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
export const MAX_KEY_POLICY_BYTES = 32_768;

/**
 * The actions that AWS documents for delivery, and of each pattern one action that stands for the pattern.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export const deliveryActions = {
  'kms:Encrypt': 'kms:Encrypt',
  'kms:Decrypt': 'kms:Decrypt',
  'kms:ReEncrypt*': 'kms:ReEncryptTo',
  'kms:GenerateDataKey*': 'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey': 'kms:DescribeKey',
} as const;
