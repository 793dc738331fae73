import { createHash } from 'node:crypto';
import { GetKeyPolicyCommand, PutKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { parseJson } from '../basics/text.ts';
import { canonical } from '../policy/canonical.ts';

/** Reads and puts the policy of a key. */
export interface KeyPolicy {
  /** Rejects when AWS refuses to show the policy. */
  readonly read: () => Promise<StoredPolicy>;
  readonly put: (document: unknown) => Promise<PutResult>;
}

/** A policy in the form that KMS shows. */
export interface StoredPolicy {
  readonly kind: 'stored';
  readonly text: string;
  readonly document: unknown;
}

/** KMS accepted the put, or refused the put and wrote nothing, or nobody knows the result. */
type PutResult =
  { readonly kind: 'accepted' } | { readonly kind: 'refused' | 'unclear'; readonly error: Error };

/** A hanging put must not succeed after everybody has stopped waiting. */
const KMS_CALL_LIMIT_MS = 20_000;

/**
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export const keyPolicyOf = (client: KMSClient, keyArn: string): KeyPolicy => ({
  async read() {
    const { Policy: text = '' } = await client.send(
      new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' }),
      { abortSignal: AbortSignal.timeout(KMS_CALL_LIMIT_MS) },
    );
    return { kind: 'stored', text, document: parseJson(text, 'the key policy') };
  },
  async put(document) {
    const command = new PutKeyPolicyCommand({
      KeyId: keyArn,
      PolicyName: 'default',
      Policy: JSON.stringify(document),
      BypassPolicyLockoutSafetyCheck: false,
    });
    try {
      await client.send(command, { abortSignal: AbortSignal.timeout(KMS_CALL_LIMIT_MS) });
      return { kind: 'accepted' };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: isPutRefused(error) ? 'refused' : 'unclear', error };
    }
  },
});

/** Whether KMS refused the first attempt. After a lost attempt a refusal proves nothing: the lost put may succeed. */
function isPutRefused(error: Error): boolean {
  if (!('$fault' in error) || error.$fault !== 'client') return false;
  const { $metadata } = error as { $metadata?: { attempts?: number; httpStatusCode?: number } };
  return $metadata?.attempts === 1 && ($metadata.httpStatusCode ?? 0) < 500;
}

/** The same text for the same policy, in whatever form KMS shows the policy. */
export const fingerprintOf = (policy: unknown): string =>
  createHash('sha256').update(canonical(policy)).digest('hex');

/** Whether a put of the same document keeps the whole policy: JSON loses duplicate names and some numbers. */
export const survivesRewrite = ({ text, document }: StoredPolicy): boolean =>
  text.replace(stringOrSpace, (each) =>
    each.startsWith('"') ? JSON.stringify(JSON.parse(each)) : '',
  ) === JSON.stringify(document);

const stringOrSpace = /"(?:[^"\\]|\\.)*"|\s+/g;
