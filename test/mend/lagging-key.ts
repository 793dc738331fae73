import { setTimeout as wait } from 'node:timers/promises';
import { changePolicy, type ChangeContext } from '../../rule/mend/change-policy.ts';
import type { Ending } from '../../rule/mend/ending.ts';
import type { KeyPolicy, StoredPolicy } from '../../rule/mend/key-policy.ts';
import type { Lease, TakenLease } from '../../rule/mend/lease.ts';
import type { Grant } from '../../rule/remedy/grant.ts';
import { merge } from '../../rule/remedy/merge.ts';
import { statementsOf, type Document } from '../../rule/policy/document.ts';
import { randomFrom } from '../e2e/random.ts';
import { keyArn } from '../world.ts';

/** A key whose reads lag, and a lease on the key, in memory. */
export interface LaggingKey {
  readonly policy: KeyPolicy;
  readonly lease: (holder: string) => Lease;
  /** The policy as KMS has it, whatever a read shows. */
  readonly now: () => Document;
  /** Edits the policy by hand, without a lease. */
  readonly edit: (statement: object) => void;
  /** Takes all our statements out by hand. */
  readonly clear: () => void;
}

export interface LaggingKeyOptions {
  readonly lagMs: number;
  readonly seed: number;
  /** Answers the nth put: undefined for a put that KMS accepts. */
  readonly failure?: (
    nth: number,
  ) => 'throttled' | 'refused' | 'lost before' | 'lost after' | undefined;
}

const LATENCY_MS = 1;

/** KMS may name a principal of the policy. */
const malformed = Object.assign(new Error('Policy names the invalid principal secret-role'), {
  name: 'MalformedPolicyDocumentException',
});

export function laggingKey({ lagMs, seed, failure }: LaggingKeyOptions): LaggingKey {
  const random = randomFrom(seed);
  const first: Document = { Version: '2012-10-17', Statement: [{ Sid: 'Administrators' }] };
  const states: { document: Document; since: number }[] = [{ document: first, since: 0 }];
  const now = (): Document => states.at(-1)?.document ?? first;
  const write = (document: Document): unknown => states.push({ document, since: Date.now() });
  const visible = () =>
    states.filter((_, at) => (states[at + 1]?.since ?? Infinity) > Date.now() - lagMs);
  let puts = 0;
  const policy: KeyPolicy = {
    async read(): Promise<StoredPolicy> {
      await wait(LATENCY_MS);
      const shown = visible();
      const { document } = shown[Math.floor(random() * shown.length)] ?? { document: now() };
      return { kind: 'stored', text: JSON.stringify(document), document };
    },
    async put(document) {
      await wait(LATENCY_MS);
      const failed = failure?.(++puts);
      if (failed === undefined || failed === 'lost after') write(document as Document);
      if (failed === undefined) return { kind: 'accepted' };
      if (failed === 'refused') return { kind: failed, error: malformed };
      return { kind: failed === 'throttled' ? failed : 'unclear', error: new Error(failed) };
    },
  };
  return {
    policy,
    lease: leaseIn({ holder: undefined, former: undefined }),
    now,
    edit: (statement) => write({ ...now(), Statement: [...statementsOf(now()), statement] }),
    clear: () => write(first),
  };
}

interface LeaseMemory {
  holder: string | undefined;
  former: TakenLease['former'];
}

const leaseIn =
  (memory: LeaseMemory) =>
  (holder: string): Lease => ({
    now: () => Date.now(),
    async take() {
      await wait(LATENCY_MS);
      if (memory.holder !== undefined) return { kind: 'held', holder: memory.holder, until: 0 };
      memory.holder = holder;
      return { kind: 'taken', former: memory.former };
    },
    announce(put) {
      memory.former = put;
      return Promise.resolve();
    },
    release() {
      memory.holder = undefined;
      return Promise.resolve();
    },
    cancel(former) {
      Object.assign(memory, { holder: undefined, former });
      return Promise.resolve();
    },
  });

/** A grant to the flow logs of a source ARN, or to an organization. */
export const grantOf = (name: string): Grant => ({
  actions: ['kms:GenerateDataKey*'],
  admitted: name.startsWith('o-')
    ? { kind: 'organization', organizationId: name }
    : { kind: 'flow-logs', sourceArns: [name] },
});

/** A mend of the key by an execution, for flow logs or an organization. */
export interface Mending {
  readonly id: string;
  readonly name: string;
  readonly paceMs: number;
  /** The time of the step, in paces. */
  readonly paces: number;
}

/** The way to the key for the changes of an execution. */
export const changingAs = (
  key: LaggingKey,
  { id, paceMs, paces }: Pick<Mending, 'id' | 'paceMs' | 'paces'>,
): ChangeContext => ({
  paceMs,
  deadline: Date.now() + paces * paceMs,
  openPolicy: () => Promise.resolve(key.policy),
  openLease: () => Promise.resolve(key.lease(id)),
});

/** The end of a mend, and the policies that the execution kept because they may be edits. */
export interface Mended {
  readonly ending: Ending;
  readonly kept: readonly StoredPolicy[];
}

export async function mendLagging(key: LaggingKey, mending: Mending): Promise<Mended> {
  const { id, name } = mending;
  const kept: StoredPolicy[] = [];
  const grant = grantOf(name);
  const isIn = (document: unknown): boolean => JSON.stringify(document).includes(name);
  const ending = await changePolicy(
    keyArn,
    ({ document }) =>
      Promise.resolve(
        isIn(document)
          ? { kind: 'nothing-to-do', written: 'no', message: 'nothing to do' }
          : {
              kind: 'change',
              after: merge(document, grant)?.document,
              putBy: { [name]: id },
              record: () => Promise.resolve(),
              withdrawRecord: () => Promise.resolve(),
              keep(shown) {
                kept.push(shown);
                return Promise.resolve('kept');
              },
              mayQuote: true,
              explainRefusal: (_, words) => words,
              judge: (shown) => ({ fine: isIn(shown), message: isIn(shown) ? 'is in' : 'is out' }),
            },
      ),
    changingAs(key, mending),
  );
  return { ending, kept };
}
