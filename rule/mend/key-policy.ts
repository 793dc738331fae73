import { createHash } from 'node:crypto';
import { GetKeyPolicyCommand, PutKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { isThrottlingError, isTransientError } from '@smithy/core/retry';
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

/** KMS accepted the put, or refused or throttled the put and wrote nothing, or nobody knows the result. */
type PutResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' | 'throttled' | 'unclear'; readonly error: Error };

/** The clients for a key policy. */
export interface PolicyClients {
  readonly reader: KMSClient;
  /** Makes one attempt a call: somebody may edit the policy between two attempts. */
  readonly writer: KMSClient;
}

/** A hanging put must not succeed after everybody has stopped waiting. */
const KMS_CALL_LIMIT_MS = 20_000;

/**
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export const keyPolicyOf = ({ reader, writer }: PolicyClients, keyArn: string): KeyPolicy => ({
  async read() {
    const { Policy: text = '' } = await reader.send(
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
    // A wrong clock is noticed, and corrected, by the reads.
    writer.config.systemClockOffset = reader.config.systemClockOffset;
    try {
      await writer.send(command, { abortSignal: AbortSignal.timeout(KMS_CALL_LIMIT_MS) });
      return { kind: 'accepted' };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: kindOf(error), error };
    }
  },
});

type PutError = Parameters<typeof isTransientError>[0];

/** Tells a put that KMS refused from a put that may have come through. */
function kindOf(error: Error): 'refused' | 'throttled' | 'unclear' {
  const { $fault, $metadata, name } = error as Partial<PutError> & Error;
  const status = $metadata?.httpStatusCode ?? 0;
  if ($fault !== 'client' || status >= 500 || isTransientError(error as PutError)) return 'unclear';
  // KMS refuses a policy that is too long by a name that the SDK takes for throttling.
  return isThrottlingError(error as PutError) && name !== 'LimitExceededException'
    ? 'throttled'
    : 'refused';
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
