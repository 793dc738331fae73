import { Readable } from 'node:stream';
import type { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { Filter } from '@aws-sdk/client-ec2';
import type { Exemption } from '../model/exemption.ts';
import type { FlowLog } from '../model/facts.ts';
import { errorText } from '../basics/text.ts';
import type { Parameters } from '../model/parameters.ts';
import type { Evaluated } from './security-hub/tell.ts';
import { evaluation, evaluationOf, type EvaluationSink } from './evaluations.ts';
import { describeFlowLogs } from '../sources/aws/flow-logs.ts';
import { awsSource, type Across } from '../sources/aws/source.ts';
import type { Clients } from '../sources/aws/clients.ts';
import type { Asked } from './event.ts';
import { flowLogsWithResults } from './old-results.ts';
import type { Source } from '../model/source.ts';
import { dependents, survey, type Judged, type NotJudged } from '../judge/survey.ts';
import { withinDeadline, untilDeadline } from '../basics/time-limit.ts';

/** One invocation of the rule: what is asked, and what it works with. */
export interface Invocation {
  readonly asked: Asked;
  readonly region: string;
  readonly parameters: Parameters;
  readonly exemptions: readonly Exemption[];
  readonly clients: Clients;
  readonly config: ConfigServiceClient;
  /** How to look into other accounts. */
  readonly across: Across | undefined;
  readonly sink: EvaluationSink;
  /** When it has to end, to put what was judged and say so: milliseconds since 1970. */
  readonly deadline: number;
  /** Told of each flow log that was judged, or could not be. */
  readonly note: (it: Judged | NotJudged) => void;
  /** Told of everything once AWS Config has been; must not reject. */
  readonly afterwards: ((evaluated: Evaluated) => Promise<void>) | undefined;
}

/**
 * Judges the flow logs that the event is about and reports them. Rejects when any could not be judged or reported,
 * after reporting the others, with the count of what was reported.
 */
export async function evaluate(invocation: Invocation): Promise<void> {
  const { sink, afterwards } = invocation;
  const { complaints, evaluated } = await answer(invocation).catch((error: unknown) => ({
    complaints: [errorText(error)],
    evaluated: undefined,
  }));
  try {
    await sink.flush();
    if (evaluated !== undefined) await afterwards?.(evaluated);
  } catch (error) {
    complaints.push(errorText(error));
  }
  complaints.push(...notTaken(sink));
  if (complaints.length > 0)
    throw new Error(`${complaints.join('; ')}; ${sink.reported()} evaluations were reported`);
}

/** Adds an evaluation for each flow log that is asked about; resolves with what went wrong with some of them. */
async function answer(
  invocation: Invocation,
): Promise<{ complaints: string[]; evaluated: Evaluated }> {
  const { asked, sink, deadline } = invocation;
  const { subject, orderingTime } = asked;
  const none = (id: string, annotation: string, type?: string): Promise<void> =>
    withinDeadline(
      sink.add(evaluation(id, orderingTime, { compliance: 'NOT_APPLICABLE', annotation, type })),
      deadline,
    );
  if (subject.kind === 'not-applicable') await none(subject.id, subject.why, subject.type);
  const { flowLogs, before, source } = await withinDeadline(toJudge(invocation), deadline);
  const { found, judged, failures } = await judge(flowLogs, { source, before, invocation });
  for (const id of before) if (!found.has(id)) await none(id, 'flow log does not exist any more');
  return {
    complaints: notJudged(failures, found.size),
    evaluated: { judged, failures, about: aboutOf(subject, found) },
  };
}

/** The ids of the flow logs that a subject comes to, given those that were found; undefined for all there are. */
function aboutOf(
  subject: Asked['subject'],
  found: ReadonlySet<string>,
): readonly string[] | undefined {
  if (subject.kind === 'everything') return undefined;
  if (subject.kind === 'not-applicable') return subject.gone ? [subject.id] : [];
  return subject.kind === 'flow-log' ? [subject.id] : [...found];
}

interface ToJudge {
  readonly flowLogs: AsyncIterable<FlowLog>;
  readonly source: Source;
  /** The ids of flow logs that have a result which must go if they do not exist any more, or deliver elsewhere. */
  readonly before: ReadonlySet<string>;
}

/** What the subject comes to in flow logs. */
async function toJudge({
  asked,
  clients,
  config,
  across,
  region,
  parameters,
}: Invocation): Promise<ToJudge> {
  const { subject, accountId, ruleName } = asked;
  const place = { accountId, region };
  const withPolicy = parameters.alsoCheck.includes('bucket-policy');
  const source = awsSource({ clients, place, withPolicy, across });
  const list = (filter: readonly Filter[]): AsyncIterable<FlowLog> =>
    describeFlowLogs(clients.ec2(region), place, filter);
  const nobody = new Set<string>();
  switch (subject.kind) {
    case 'nothing':
    case 'not-applicable':
      return { flowLogs: Readable.from([]), source, before: nobody };
    case 'flow-log': {
      const flowLogs = list([{ Name: 'flow-log-id', Values: [subject.id] }]);
      return { flowLogs, source, before: new Set([subject.id]) };
    }
    case 'bucket':
    case 'key': {
      const toS3 = list([{ Name: 'log-destination-type', Values: ['s3'] }]);
      return { flowLogs: dependents(toS3, subject, source), source, before: nobody };
    }
    case 'everything': {
      // Asked before the listing: what is made in between has no result yet, and is not taken for deleted.
      const before = await flowLogsWithResults(config, ruleName);
      return { flowLogs: list([]), source, before };
    }
  }
}

/**
 * Adds an evaluation for each, as they come. One that delivers elsewhere needs none, except to take the place of another;
 * one that somebody exempted shows, with the reason.
 */
async function judge(
  flowLogs: AsyncIterable<FlowLog>,
  {
    source,
    before,
    invocation,
  }: { source: Source; before: ReadonlySet<string>; invocation: Invocation },
): Promise<{
  found: ReadonlySet<string>;
  /** Those that are told of afterwards; none where nobody wants to be. */
  judged: readonly Judged[];
  failures: readonly NotJudged[];
}> {
  const { asked, parameters, exemptions, sink, deadline, note, afterwards } = invocation;
  const found = new Set<string>();
  const judged: Judged[] = [];
  const failures: NotJudged[] = [];
  const question = { ...parameters, exemptions, now: new Date() };
  for await (const it of untilDeadline(survey(flowLogs, source, question), deadline)) {
    // A flow log may move to the next page while the pages are read.
    if (found.has(it.flowLog.id)) continue;
    note(it);
    found.add(it.flowLog.id);
    if (afterwards !== undefined && it.kind === 'judged') judged.push(it);
    if (it.kind === 'not-judged') failures.push(it);
    else if (!deliversElsewhere(it.flowLog) || before.has(it.flowLog.id))
      await sink.add(evaluationOf(it, asked.orderingTime, parameters.unknownAs));
  }
  return { found, judged, failures };
}

const deliversElsewhere = ({ destination }: FlowLog): boolean => destination.kind === 'elsewhere';

function notJudged(failures: readonly NotJudged[], of: number): string[] {
  if (failures.length === 0) return [];
  const reasons = failures.map(({ flowLog, failure }) => `${flowLog.id} (${errorText(failure)})`);
  return [
    `${failures.length} of ${of} flow logs could not be judged and keep their last result: ${few(reasons)}`,
  ];
}

function notTaken(sink: EvaluationSink): readonly string[] {
  const ids = sink.notTaken();
  if (ids.length === 0) return [];
  const all = sink.reported() + ids.length;
  return [`AWS Config did not take ${ids.length} of ${all} evaluations: ${few(ids)}`];
}

/** As many as an error message should hold. */
function few(items: readonly string[]): string {
  const most = 20;
  const more = items.length > most ? ` and ${items.length - most} more` : '';
  return items.slice(0, most).join(', ') + more;
}
