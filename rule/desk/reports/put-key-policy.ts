import { regionIn } from '../../model/arn.ts';

/** The AWS CLI command that puts this policy, for a POSIX shell; in ASCII, so that nothing in it is hidden. */
export function putKeyPolicy(keyArn: string, policy: unknown): string {
  const ascii = JSON.stringify(policy).replace(
    /[^\x20-\x7e]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [
    'aws kms put-key-policy',
    `--region ${regionIn(keyArn)}`,
    `--key-id ${quoted(keyArn)}`,
    '--policy-name default',
    `--policy ${quoted(ascii)}`,
  ].join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
