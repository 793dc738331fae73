import { GetKeyPolicyCommand, PutKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { parseJson } from '../basics/text.ts';

/** The policy of one key, to be read and put. */
export interface KeyPolicy {
  readonly keyArn: string;
  /** Rejects when AWS does not tell it. */
  readonly read: () => Promise<Stored>;
  readonly put: (document: unknown) => Promise<Put>;
}

/** A policy as KMS has it. */
export interface Stored {
  readonly text: string;
  readonly document: unknown;
}

/** What became of a put: KMS took it, or refused it and wrote nothing, or nobody knows. */
type Put =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'refused' | 'unclear'; readonly error: Error };

/** How long one call may take, in milliseconds: a put that hangs must not come through when nobody expects it. */
const PATIENCE = 20_000;

/**
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export const keyPolicyOf = (client: KMSClient, keyArn: string): KeyPolicy => ({
  keyArn,
  async read() {
    const { Policy: text = '' } = await client.send(
      new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' }),
      { abortSignal: AbortSignal.timeout(PATIENCE) },
    );
    return { text, document: parseJson(text, 'the key policy') };
  },
  async put(document) {
    const command = new PutKeyPolicyCommand({
      KeyId: keyArn,
      PolicyName: 'default',
      Policy: JSON.stringify(document),
      BypassPolicyLockoutSafetyCheck: false,
    });
    try {
      await client.send(command, { abortSignal: AbortSignal.timeout(PATIENCE) });
      return { outcome: 'taken' };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { outcome: isRefusal(error) ? 'refused' : 'unclear', error };
    }
  },
});

/** Whether KMS itself said no, to the first attempt: one that was lost before may have come through. */
function isRefusal(error: Error): boolean {
  if (!('$fault' in error) || error.$fault !== 'client') return false;
  const { $metadata } = error as { $metadata?: { attempts?: number; httpStatusCode?: number } };
  return $metadata?.attempts === 1 && ($metadata.httpStatusCode ?? 0) < 500;
}

/** Whether writing the policy again keeps all of it: names that stand twice, and some numbers, do not survive. */
export const isKept = ({ text, document }: Stored): boolean =>
  text.replace(token, (each) => (each.startsWith('"') ? JSON.stringify(JSON.parse(each)) : '')) ===
  JSON.stringify(document);

/** A string, or white space. */
const token = /"(?:[^"\\]|\\.)*"|\s+/g;
