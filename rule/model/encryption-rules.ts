import type { Encryption } from './facts.ts';

/** A rule in the encryption configuration of a bucket. */
export interface EncryptionRule {
  readonly defaultEncryption: Encryption | undefined;
  /** Whether the rule blocks encryption types of requests. Such a rule needs no default. */
  readonly blocksTypes: boolean;
}

/** S3 encrypts with SSE-S3 where no rule has a default. */
export const sseS3: Encryption = {
  kind: 'encryption',
  algorithm: 'AES256',
  keyId: undefined,
  bucketKey: undefined,
};

/**
 * The default encryption by all rules of a bucket. Undefined where the rules leave doubt: no rule, several defaults, or a
 * rule without anything known.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
 */
export function defaultEncryptionBy(rules: readonly EncryptionRule[]): Encryption | undefined {
  const [first = sseS3, ...more] = rules.flatMap((rule) => rule.defaultEncryption ?? []);
  const areKnown = rules.every((rule) => rule.defaultEncryption ?? rule.blocksTypes);
  return rules.length > 0 && more.length === 0 && areKnown ? first : undefined;
}
