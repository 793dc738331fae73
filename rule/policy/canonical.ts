import { asList } from './json.ts';

/**
 * A form of the policy, equal for equal policies: lists are sets, a single value is a list, names stand in
 * order, and the root of an account as principal is the account. KMS returns a policy in another form than was put.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function canonical(policy: unknown): string {
  if (Array.isArray(policy)) return `[${[...new Set(policy.map(canonical))].sort().join()}]`;
  if (typeof policy !== 'object' || policy === null) return JSON.stringify(String(policy));
  const entries = Object.entries(policy).map(([name, value]: [string, unknown]) => {
    const values = asList(value);
    const members = name === 'AWS' ? values.map(accountOfRoot) : values;
    return `${JSON.stringify(name)}:${canonical(members)}`;
  });
  return `{${entries.sort().join()}}`;
}

const accountOfRoot = (principal: unknown): unknown =>
  typeof principal === 'string' ? principal.replace(ROOT_ARN, '$1') : principal;

const ROOT_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
