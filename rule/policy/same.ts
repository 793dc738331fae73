/**
 * The policy in a form that is equal for equal policies: lists are sets, a value alone is a list of one, names stand in
 * order, and an account as principal is its root. KMS returns a policy in another form than it was put in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function canonical(policy: unknown): string {
  if (Array.isArray(policy)) return `[${[...new Set(policy.map(canonical))].sort().join()}]`;
  if (typeof policy !== 'object' || policy === null) return JSON.stringify(String(policy));
  const entries = Object.entries(policy).map(([name, value]: [string, unknown]) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return `${JSON.stringify(name)}:${canonical(name === 'AWS' ? values.map(account) : values)}`;
  });
  return `{${entries.sort().join()}}`;
}

const account = (principal: unknown): unknown =>
  typeof principal === 'string' ? principal.replace(root, '$1') : principal;

const root = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
