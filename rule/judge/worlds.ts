import { notAsked, unknown, type Facts, type FlowLog } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Outcome, Verdict } from '../model/verdict.ts';
import {
  ImpossibleWorld,
  type PlannedFacts,
  type PlannedFlowLog,
  type World,
} from '../model/world.ts';
import { checkFacts, decide, verdictOn } from './decide.ts';
import { inDoubt, withRemarks } from './doubted-verdict.ts';
import { explore } from './explore.ts';
import { withFurtherFacts } from './further-facts.ts';
import { whySplit, whyTooMany, type Doubt, type JudgedWorld } from './worlds-in-words.ts';

/** The verdict on a planned flow log, in all worlds. */
export interface JudgedInWorlds {
  /** The facts of the world behind the message. */
  readonly facts: Facts;
  readonly verdict: Verdict;
  /**
   * The facts of every world where the flow log is blocked or unknown, the most general world first. A remedy has to
   * settle all. Empty where the first world is of one account or Region only.
   */
  readonly failing: readonly Facts[];
  /** Every world with the flow log, the most general first. Empty where no world can be deployed. */
  readonly worlds: readonly JudgedWorld[];
}

const MAX_WORLDS = 4000;

/**
 * Judges a planned flow log in every world that the input leaves open. A verdict counts if all worlds agree; else the
 * verdict is unknown, and the message names what the verdict depends on. Undefined where no world has this flow log.
 */
export function judgeInWorlds(
  planned: PlannedFlowLog,
  question: Question,
  maxWorlds = MAX_WORLDS,
): JudgedInWorlds | undefined {
  const look = (world: World) => {
    world.note(question.organizationId ?? '');
    return judgeIn(world, planned, question);
  };
  const { worlds, isWhole } = explore(look, maxWorlds);
  const [first, ...more] = worlds.flatMap(({ result, choices }) =>
    result?.kind === 'judged' ? [{ result, choices }] : [],
  );
  if (first === undefined) {
    const [impossible] = worlds.flatMap(({ result }) => result ?? []);
    const doubt = isWhole ? undefined : whyTooMany(worlds[0], maxWorlds);
    const reason = impossible?.kind === 'impossible' ? impossible : doubt;
    return reason && unmade(planned.id, reason, question);
  }
  const judged = [first, ...more] as const;
  const gravest = gravestOf(judged);
  const outcomes = new Set(judged.map(({ result }) => result.verdict.outcome));
  const failing = judged.filter(({ result }) => isFailure(result.verdict.outcome));
  return {
    facts: gravest.result.facts,
    verdict:
      isWhole && outcomes.size === 1
        ? gravest.result.verdict
        : inDoubt(
            gravest.result.verdict,
            isWhole ? whySplit(judged, gravest) : whyTooMany(gravest, maxWorlds),
          ),
    failing: isGeneral(failing[0]) ? failing.map(({ result }) => result.facts) : [],
    worlds: judged,
  };
}

function judgeIn(world: World, planned: PlannedFlowLog, question: Question) {
  try {
    const found = planned.factsIn(world);
    if (found === undefined) return undefined;
    return { kind: 'judged', ...verdictIn(found, question) } as const;
  } catch (error) {
    if (error instanceof ImpossibleWorld)
      return { kind: 'impossible', why: error.message, next: error.next } as const;
    throw error;
  }
}

function verdictIn({ facts, doubt, remarks, further }: PlannedFacts, question: Question) {
  const first = checkFacts(facts, question);
  const checked = further === undefined ? first : withFurtherFacts(first, further, question);
  const verdict = verdictOn(checked);
  const honest =
    doubt !== undefined && verdict.outcome === 'deliverable'
      ? inDoubt(verdict, { why: doubt, next: 'judge it after deployment, with --live' })
      : verdict;
  return { facts: checked.facts, verdict: withRemarks(honest, remarks) };
}

/** The first of the worlds with the gravest outcome. */
function gravestOf(worlds: readonly [JudgedWorld, ...JudgedWorld[]]): JudgedWorld {
  const gravity: readonly Outcome[] = ['blocked', 'unknown', 'exempt', 'deliverable'];
  return worlds.reduce((a, b) =>
    gravity.indexOf(b.result.verdict.outcome) < gravity.indexOf(a.result.verdict.outcome) ? b : a,
  );
}

const isFailure = (outcome: Outcome): boolean => outcome === 'blocked' || outcome === 'unknown';

/** Whether nothing was chosen for one account or Region only. */
const isGeneral = (world: JudgedWorld | undefined): boolean =>
  world?.choices.every(({ open, index }) => open.kind === 'other' || index === 0) ?? false;

/** A flow log without facts, because no world can be deployed. */
function unmade(id: string, { why, next }: Doubt, question: Question): JudgedInWorlds {
  const flowLog: FlowLog = {
    id,
    accountId: '',
    region: '',
    partition: 'aws',
    resourceId: '',
    destination: unknown(why, next),
    tags: {},
    hivePrefixes: undefined,
    observed: { status: undefined, error: undefined },
  };
  const facts: Facts = { flowLog, bucket: notAsked, key: notAsked };
  return { facts, verdict: decide(facts, question), failing: [], worlds: [] };
}
