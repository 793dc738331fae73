import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  type KeyMetadata,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { accountIn, parseArn } from '../../model/arn.ts';
import {
  missing,
  unknown,
  type Key,
  type KeyDescription,
  type Missing,
  type PolicyDocument,
  type Unknown,
} from '../../model/facts.ts';
import { readPolicyText } from '../../model/policy-text.ts';
import { isErrorNamed, isLasting, stepAfter } from './refusal.ts';

export interface KeyReader {
  readonly kms: (region: string) => KMSClient;
  /** The account of the credentials. */
  readonly accountId: string;
  /** Why the account of the key could not be entered; undefined where nobody tried. */
  readonly whyNotEntered?: string | undefined;
}

/**
 * Reads a key, by the ARN of the key or of an alias: the description and the policy, which AWS refuses independently.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 */
export async function readKey(
  arn: string,
  { kms, accountId, whyNotEntered }: KeyReader,
): Promise<Key | Missing | Unknown> {
  const { region = '', accountId: owner, resource = '' } = parseArn(arn) ?? {};
  const own = owner === accountId;
  const client = kms(region);
  const described = await describeKey(arn, client, { own, whyNotEntered });
  if (described.kind === 'missing') return described;
  if (described.kind === 'unknown' && !resource.startsWith('key/')) return described;
  const keyArn = described.kind === 'unknown' ? arn : described.arn;
  const policy = own
    ? await readKeyPolicy(keyArn, client)
    : policyOfOtherAccount(keyArn, whyNotEntered);
  if (policy.kind === 'missing') return policy;
  return {
    kind: 'key',
    arn: keyArn,
    accountId: owner ?? '',
    region,
    description: described.kind === 'unknown' ? described : described.description,
    policy,
  };
}

const policyOfOtherAccount = (arn: string, whyNotEntered: string | undefined): Unknown =>
  unknown(
    `policy of key ${arn} cannot be read from another account`,
    whyNotEntered ?? `run in account ${accountIn(arn)}`,
  );

interface DescribedKey {
  readonly kind: 'described';
  readonly arn: string;
  readonly description: KeyDescription;
}

async function describeKey(
  arn: string,
  client: KMSClient,
  access: Pick<KeyCall, 'own' | 'whyNotEntered'>,
): Promise<DescribedKey | Missing | Unknown> {
  try {
    const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
    if (metadata?.Arn === undefined)
      throw new Error(`AWS KMS answered without a description of key ${arn}: run again`);
    return { kind: 'described', arn: metadata.Arn, description: descriptionOf(metadata) };
  } catch (error) {
    return gapAfter(error, { arn, ...access, action: 'kms:DescribeKey', subject: 'key' });
  }
}

const descriptionOf = (metadata: KeyMetadata): KeyDescription => ({
  kind: 'description',
  state: metadata.KeyState,
  manager: metadata.KeyManager,
  usage: metadata.KeyUsage,
  spec: metadata.KeySpec,
  origin: metadata.Origin,
  multiRegion: metadata.MultiRegion,
  multiRegionKeyType: metadata.MultiRegionConfiguration?.MultiRegionKeyType,
});

async function readKeyPolicy(
  arn: string,
  client: KMSClient,
): Promise<PolicyDocument | Missing | Unknown> {
  try {
    const { Policy } = await client.send(
      new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }),
    );
    if (!Policy) throw new Error(`AWS KMS answered without the policy of key ${arn}: run again`);
    return readPolicyText(`policy of key ${arn}`, Policy);
  } catch (error) {
    if (error instanceof SyntaxError)
      return unknown(`policy of key ${arn} is not JSON`, 'write it as JSON');
    return gapAfter(error, {
      arn,
      own: true,
      action: 'kms:GetKeyPolicy',
      subject: 'policy of key',
    });
  }
}

/** A failed call about a key. */
interface KeyCall {
  readonly arn: string;
  /** Whether the account of the credentials owns the key. */
  readonly own: boolean;
  readonly action: string;
  readonly subject: string;
  readonly whyNotEntered?: string | undefined;
}

/** NotFoundException proves nothing to another account: AWS may hide an existing key behind the same error. */
function gapAfter(error: unknown, call: KeyCall): Missing | Unknown {
  const { arn, own, action, subject, whyNotEntered } = call;
  if (isErrorNamed(error, 'NotFoundException') && own)
    return missing(`key ${arn} does not exist (NotFoundException)`);
  if (isErrorNamed(error, 'InvalidArnException') || isErrorNamed(error, 'KMSInvalidStateException'))
    return unknown(
      `${subject} ${arn} cannot be read (${error.name})`,
      'look at the key in AWS KMS',
    );
  if (!isLasting(error)) throw error;
  const step = whyNotEntered ?? stepAfter(error, action);
  return unknown(`${subject} ${arn} cannot be read (${error.name})`, step);
}
