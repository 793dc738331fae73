import { refusal, type Answer, type Call, type Operation } from './aws-stand-in.ts';
import { randomFrom, shuffled, type Random } from './random.ts';

export interface KeyPoliciesOptions {
  /** What the keys begin with, by ARN. */
  readonly policies: Readonly<Record<string, string>>;
  /** For how many milliseconds a read may still show what is no more. */
  readonly lag: number;
  readonly seed: number;
  /** The ARNs of users and roles that exist no more. */
  readonly deleted?: readonly string[];
}

/** Key policies as KMS keeps them: without locks, and not seen by all at the same time. */
export interface KeyPolicies {
  readonly operations: Readonly<Record<string, Operation>>;
  /** As it is now, whatever a read shows. */
  readonly policyOf: (keyArn: string) => Policy;
  /** All that it ever was, in this order. */
  readonly historyOf: (keyArn: string) => readonly string[];
  /** What somebody does by hand. */
  readonly edit: (keyArn: string, change: (policy: Policy) => Policy) => void;
}

export interface Policy {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Action?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

type OneOrMore = string | readonly string[];

/** What a policy was, and from when on. */
interface State {
  readonly text: string;
  readonly since: number;
}

/** How long a policy may be, in bytes. */
const LONGEST = 32_768;

/**
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
 */
export function keyPolicies(options: KeyPoliciesOptions): KeyPolicies {
  const { policies, lag, seed, deleted = [] } = options;
  const random = randomFrom(seed);
  const states = new Map(
    Object.entries(policies).map(([arn, text]): [string, State[]] => [arn, [{ text, since: 0 }]]),
  );
  const statesOf = (keyArn: string): State[] => {
    const found = states.get(keyArn);
    if (found === undefined) throw new Error(`${keyArn} has no policy`);
    return found;
  };
  const policyOf = (keyArn: string) => JSON.parse(statesOf(keyArn).at(-1)?.text ?? '') as Policy;
  const write = (keyArn: string, policy: Policy): void => {
    statesOf(keyArn).push({ text: JSON.stringify(policy), since: Date.now() });
  };
  const onKey =
    (answer: (keyArn: string, call: Call) => Answer): Operation =>
    (call) => {
      const { KeyId, PolicyName } = call.input;
      const keyArn = String(KeyId);
      if (!states.has(keyArn) || keyArn.split(':')[3] !== call.region)
        return refusal('NotFoundException', `Key '${keyArn}' does not exist`);
      return PolicyName === 'default' ? answer(keyArn, call) : unexpected(call);
    };
  return {
    operations: {
      GetKeyPolicy: onKey((keyArn) => {
        const { text } = anyOf(visible(statesOf(keyArn), lag), random);
        return { output: { Policy: rewritten(text, random), PolicyName: 'default' } };
      }),
      PutKeyPolicy: onKey((keyArn, call) => {
        const { Policy: text, BypassPolicyLockoutSafetyCheck: bypass } = call.input;
        if (typeof text !== 'string') return unexpected(call);
        const policy = read(text);
        const refused =
          refusalOf(text, policy, deleted) ??
          (bypass !== true && policy !== undefined && locksOut(policy) ? lockedOut : undefined);
        if (refused !== undefined || policy === undefined) return refused ?? malformed;
        write(keyArn, withAccountRoots(policy));
        return { output: {} };
      }),
    },
    policyOf,
    historyOf: (keyArn) => statesOf(keyArn).map(({ text }) => text),
    edit(keyArn, change) {
      write(keyArn, change(policyOf(keyArn)));
    },
  };
}

const unexpected = ({ operation, input }: Call): Answer =>
  refusal(
    'ValidationException',
    `the stand-in takes no such ${operation}: ${JSON.stringify(input)}`,
  );

// Reads --------------------------------------------------------------------------------------------------------------

/** What is, and what was until `lag` milliseconds ago. */
const visible = (states: readonly State[], lag: number): readonly State[] =>
  states.filter((_, at) => (states[at + 1]?.since ?? Infinity) > Date.now() - lag);

function anyOf<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('there is none');
  return value;
}

/** As KMS writes it this time; what is not plain JSON stays as it is, to show what its reader makes of it. */
function rewritten(text: string, random: Random): string {
  const policy: unknown = JSON.parse(text);
  const plain = JSON.stringify(policy).replace(/\s/g, '') === text.replace(/\s/g, '');
  return plain ? JSON.stringify(reordered(policy, random), undefined, 2) : text;
}

/** Lists in another order, and values alone without their lists. */
function reordered(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) {
    const values = shuffled(value, random).map((each) => reordered(each, random));
    return values.length === 1 ? values[0] : values;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, reordered(each, random)]),
  );
}

// Puts ---------------------------------------------------------------------------------------------------------------

const malformed = refusal('MalformedPolicyDocumentException', 'The policy is not valid JSON');
const lockedOut = refusal(
  'MalformedPolicyDocumentException',
  'The new key policy will not allow you to update the key policy in the future.',
);

function read(text: string): Policy | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'Statement' in value
      ? (value as Policy)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Why KMS does not take it; undefined if it does. */
function refusalOf(text: string, policy: Policy | undefined, deleted: readonly string[]) {
  if (policy === undefined) return malformed;
  if (Buffer.byteLength(text) > LONGEST)
    return refusal('LimitExceededException', `The policy is longer than ${LONGEST} bytes`);
  const incomplete = statementsIn(policy).some((each) =>
    ['Action', 'Resource'].some((name) => !(name in each) && !(`Not${name}` in each)),
  );
  if (incomplete || /[^\t\n\r\u0020-\u00ff]/u.test(text)) return malformed;
  const gone = statementsIn(policy)
    .flatMap((each) => principalsIn(each))
    .filter((name) => /^A(ID|RO)A/.test(name) || deleted.includes(name));
  // KMS may quote the policy.
  return gone.length > 0
    ? refusal(
        'MalformedPolicyDocumentException',
        `Policy contains a statement with one or more invalid principals: ${gone.join()}`,
      )
    : undefined;
}

export const statementsIn = ({ Statement: statement }: Policy): readonly Statement[] =>
  [statement].flat();

const principalsIn = ({ Principal: principal = {} }: Statement): readonly string[] =>
  principal === '*' ? ['*'] : [principal.AWS ?? []].flat();

/** Whether nobody could put a policy any more: no user, role or account is allowed to, or all are denied it. */
function locksOut(policy: Policy): boolean {
  const about = statementsIn(policy).filter(
    (each) =>
      each.Condition === undefined &&
      principalsIn(each).length > 0 &&
      [each.Action ?? []]
        .flat()
        .some((action) => /^(\*|kms:\*|kms:Put\*|kms:PutKeyPolicy)$/i.test(action)),
  );
  const denied = about.some((each) => each.Effect === 'Deny' && principalsIn(each).includes('*'));
  return denied || !about.some(({ Effect }) => Effect === 'Allow');
}

/** KMS writes the root of an account for the account. */
function withAccountRoots(policy: Policy): Policy {
  const rooted = (name: string): string => name.replace(/^\d{12}$/, 'arn:aws:iam::$&:root');
  const text = JSON.stringify(policy, (name, value: unknown) => {
    if (name !== 'AWS') return value;
    return Array.isArray(value) ? value.map((each) => rooted(String(each))) : rooted(String(value));
  });
  return JSON.parse(text) as Policy;
}
