import { InvalidArgumentError, Option } from 'commander';
import { errorText, parseJson } from '../basics/text.ts';
import { proposedPolicies, type ProposedPolicies } from '../judge/proposed-policies.ts';
import { isUnknown, type PolicyDocument } from '../model/facts.ts';
import { keyReference } from '../model/key-reference.ts';
import { MAX_KEY_POLICY_BYTES } from '../model/kms.ts';
import { readPolicyText } from '../model/policy-text.ts';
import { readTextFile } from '../sources/recorded/snapshot-file.ts';

/** Files with key policies, by the ARN of the key. */
export type KeyPolicyFiles = ReadonlyMap<string, string>;

/** `--key-policy`: proposes a policy for a key. */
export const keyPolicyOption = () =>
  new Option(
    '--key-policy <arn=file>',
    'judge as if the policy in this JSON file ("-": standard input) were put on this key, and say what changes; may be given for several keys',
  ).argParser(readKeyPolicyOption);

function readKeyPolicyOption(text: string, before?: KeyPolicyFiles): KeyPolicyFiles {
  const [, arn, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  if (arn === undefined || file === undefined)
    throw new InvalidArgumentError(`"${text}" is not KEY_ARN=FILE`);
  if (keyReference(arn).kind !== 'key-arn')
    throw new InvalidArgumentError(
      `"${arn}" is not the ARN of a key, which looks like arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    );
  if (before?.has(arn)) throw new InvalidArgumentError(`key ${arn} is given twice: give it once`);
  return new Map([...(before ?? []), [arn, file]]);
}

/** Reads the policies of all files. The Error for a bad file names the file. */
export async function readProposedPolicies(
  files: KeyPolicyFiles | undefined,
): Promise<ProposedPolicies | undefined> {
  if (files === undefined) return undefined;
  const policies = new Map<string, PolicyDocument>();
  for (const [arn, file] of files)
    try {
      policies.set(arn, proposedPolicyIn(await readTextFile(file)));
    } catch (error) {
      throw new Error(`--key-policy ${file}: ${errorText(error)}`, { cause: error });
    }
  return proposedPolicies(policies);
}

/** Throws an Error for a text that KMS would refuse, and for a policy that cannot be judged. */
function proposedPolicyIn(text: string): PolicyDocument {
  if (text.trim() === '') throw new Error('is empty: give the key policy as JSON');
  const document = parseJson(text);
  if (typeof document !== 'object' || document === null || !('Statement' in document))
    throw new Error('has no Statement: give the key policy itself, as KMS shows it');
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes > MAX_KEY_POLICY_BYTES)
    throw new Error(
      `takes ${bytes} bytes, and KMS takes ${MAX_KEY_POLICY_BYTES}: make the policy shorter`,
    );
  const policy = readPolicyText('key policy', text);
  if (isUnknown(policy)) throw new Error(policy.why);
  return policy;
}

/** Throws an Error for a key that no judged flow log depends on: a mistyped ARN would change nothing in silence. */
export function refuseUnmetKeys(proposed: ProposedPolicies | undefined): void {
  const [arn] = proposed?.unmet() ?? [];
  if (arn !== undefined)
    throw new Error(
      `no flow log depends on key ${arn} of --key-policy: give the ARN of a key that encrypts a bucket of these flow logs`,
    );
}
