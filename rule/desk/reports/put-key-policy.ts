import { regionIn } from '../../model/arn.ts';

/** The AWS CLI command for putting a key policy, in a POSIX shell. ASCII only: no character stays invisible. */
export function putKeyPolicy(keyArn: string, policy: unknown): string {
  const ascii = JSON.stringify(policy).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [
    'aws kms put-key-policy',
    `--region ${regionIn(keyArn)}`,
    `--key-id ${quoteForShell(keyArn)}`,
    '--policy-name default',
    `--policy ${quoteForShell(ascii)}`,
  ].join(' \\\n  ');
}

const quoteForShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
