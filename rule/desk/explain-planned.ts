import { explainInWorlds, type Explanation } from '../judge/explanation-of.ts';
import { judgeInWorlds } from '../judge/worlds.ts';
import type { PlannedFlowLog } from '../model/world.ts';
import { withWords, type Words } from '../remedy/run-in-words.ts';
import type { AskingToExplain, Explained } from './explain-existing.ts';
import { openPlanned } from './judge-planned.ts';
import type { InputOptions, PlannedOptions } from './open-input.ts';

/** Judges and explains the wanted flow logs of templates or plans. */
export async function explainPlanned(
  options: InputOptions & PlannedOptions,
  { wanted, question, remark }: AskingToExplain,
): Promise<Explained> {
  const { input, settle, failures } = await openPlanned(options, remark);
  const { flowLogs, madeUp, lineOf, problems, remarks } = input;
  const explain = ({ id, source, factsIn }: PlannedFlowLog): readonly Explanation[] => {
    const judged = judgeInWorlds({ id, source, factsIn }, question);
    if (judged === undefined) return [];
    const flowLog = { kind: 'defined', name: id, at: source } as const;
    const origins = { flowLog, askedAt: question.now.toISOString(), lineOf };
    return [toldOf(explainInWorlds(judged, source, { question, origins }), madeUp)];
  };
  const explanations = await settle(() =>
    flowLogs.filter(({ id }) => wanted.has(id)).flatMap(explain),
  );
  return {
    explanations,
    problems: [...problems, ...failures()],
    remarks,
    whyNotThere: (id) => `flow log ${id} is not in the given files: ${othersInWords(flowLogs)}`,
  };
}

/** The explanation with words in the place of made-up values. An unknown account or Region is empty. */
function toldOf(explanation: Explanation, words: Words): Explanation {
  const told = (value: string): string => (words.inWords(value) === value ? value : '');
  const { accountId, region, ...others } = explanation.flowLog;
  const flowLog = { ...others, accountId: told(accountId), region: told(region) };
  return withWords({ ...explanation, flowLog }, words);
}

const MAX_OTHERS = 10;

function othersInWords(flowLogs: readonly PlannedFlowLog[]): string {
  if (flowLogs.length === 0) return 'they have no flow log';
  const names = flowLogs.slice(0, MAX_OTHERS).map(({ id }) => id);
  const rest = flowLogs.length - names.length;
  return `they have ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
