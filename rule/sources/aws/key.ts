import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  type KeyMetadata,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { parseArn, accountIn } from '../../model/arn.ts';
import {
  type Key,
  type KeyDescription,
  type Missing,
  type PolicyDocument,
  type Unknown,
  unknown,
  missing,
} from '../../model/facts.ts';
import { isNamed, isRefusal } from './refusal.ts';

export interface KeyReader {
  readonly kms: (region: string) => KMSClient;
  /** Whose credentials ask. */
  readonly accountId: string;
  /** Why the owner's own credentials do not ask. */
  readonly elsewhere?: string | undefined;
}

/**
 * Reads a key, by the ARN of the key or of an alias: its description and its policy, which AWS refuses independently.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 */
export async function readKey(
  arn: string,
  { kms, accountId, elsewhere }: KeyReader,
): Promise<Key | Missing | Unknown> {
  const { region = '', accountId: owner, resource = '' } = parseArn(arn) ?? {};
  const own = owner === accountId;
  const client = kms(region);
  const described = await describeKey(arn, client, { own, elsewhere });
  if (described.kind === 'missing') return described;
  if (described.kind === 'unknown' && !resource.startsWith('key/')) return described;
  const keyArn = described.kind === 'unknown' ? arn : described.arn;
  const policy = own ? await readPolicy(keyArn, client) : notOurs(keyArn, elsewhere);
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

const notOurs = (arn: string, why: string | undefined): Unknown =>
  unknown(
    `policy of key ${arn} cannot be read from another account: ${why ?? `run in account ${accountIn(arn)}`}`,
  );

interface Described {
  readonly kind: 'described';
  readonly arn: string;
  readonly description: KeyDescription;
}

async function describeKey(
  arn: string,
  client: KMSClient,
  { own, elsewhere }: Pick<Asked, 'own' | 'elsewhere'>,
): Promise<Described | Missing | Unknown> {
  try {
    const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
    return { kind: 'described', arn: metadata?.Arn ?? arn, description: descriptionOf(metadata) };
  } catch (error) {
    return gapIn(error, { arn, own, elsewhere, action: 'kms:DescribeKey', what: 'key' });
  }
}

const descriptionOf = (metadata: KeyMetadata | undefined): KeyDescription => ({
  kind: 'description',
  state: metadata?.KeyState,
  manager: metadata?.KeyManager,
  usage: metadata?.KeyUsage,
  spec: metadata?.KeySpec,
  origin: metadata?.Origin,
  multiRegion: metadata?.MultiRegion,
});

async function readPolicy(
  arn: string,
  client: KMSClient,
): Promise<PolicyDocument | Missing | Unknown> {
  try {
    const { Policy = '' } = await client.send(
      new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }),
    );
    return { kind: 'policy', document: JSON.parse(Policy) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return unknown(`policy of key ${arn} is not JSON`);
    return gapIn(error, { arn, own: true, action: 'kms:GetKeyPolicy', what: 'policy of key' });
  }
}

interface Asked {
  readonly arn: string;
  readonly own: boolean;
  readonly action: string;
  readonly what: string;
  readonly elsewhere?: string | undefined;
}

/** The owning account knows what does not exist; to others AWS may say so of a key that it only hides. */
function gapIn(error: unknown, asked: Asked): Missing | Unknown {
  const { arn, own, action, what, elsewhere } = asked;
  if (isNamed(error, 'NotFoundException') && own)
    return missing(`key ${arn} does not exist (NotFoundException)`);
  if (isRefusal(error) || isNamed(error, 'NotFoundException'))
    return unknown(
      `${what} ${arn} cannot be read (${error.name}): ${elsewhere ?? `allow ${action} on it, or run in its account`}`,
    );
  if (isNamed(error, 'InvalidArnException') || isNamed(error, 'KMSInvalidStateException'))
    return unknown(`${what} ${arn} cannot be read (${error.name}): look at the key in AWS KMS`);
  throw error;
}
