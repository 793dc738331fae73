/**
 * The door for AWS Config: AWS Config asks about flow logs, and gets an evaluation of each. In an organization a schedule
 * asks too, which members are silent.
 */
import type { Context } from 'aws-lambda';
import { regionIn } from '../model/arn.ts';
import { readParameters, type Parameters } from '../model/parameters.ts';
import { environment } from './environment.ts';
import { evaluate } from './evaluate.ts';
import { evaluationSink } from './evaluations.ts';
import { readEvent, type RuleRequest } from './event.ts';
import { exemptionsOfRun } from './exemptions.ts';
import { enterMember, type Member } from './member.ts';
import { ownIn } from './own.ts';
import { isDryRun } from './put-evaluations.ts';
import { reportTypesNotRecorded } from './recorder.ts';
import { compareMembers, readComparison } from './silent-members.ts';
import { reportFindings } from './security-hub/report.ts';
import type { Evaluated } from './security-hub/update.ts';
import { withLastRun } from './last-run.ts';
import {
  count,
  countResultsFromZero,
  forgetVerdictCounts,
  logger,
  publishCounts,
  recordResult,
} from './telemetry.ts';

/** Reserved before the function's time limit, for reporting the verdicts and ending in order. */
const RESERVED_FOR_REPORTS_MS = 10_000;

/** Reserved before the function's time limit, for ending in order after the last report. */
const RESERVED_FOR_END_MS = 5_000;

/**
 * Reads the event, then judges and reports. Rejects any input without the shape of an event, an event of another account,
 * a bad rule parameter, and unreadable exemptions. Rejects too when a flow log could not be judged or reported, but only
 * after the report of all others.
 * https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  try {
    const comparison = readComparison(event);
    if (comparison) await compareMembers(comparison, regionIn(context.invokedFunctionArn));
    else await answerRequest(readEvent(event), context);
  } catch (error) {
    count('Failed');
    forgetVerdictCounts();
    logger.error('invocation failed', error as Error);
    throw error;
  } finally {
    publishCounts();
    logger.resetKeys();
  }
}

/** Enters the account that asks, then judges and reports. A scheduled run ends with a look at the configuration recorder. */
async function answerRequest(request: RuleRequest, context: Context): Promise<void> {
  const { accountId, subject, orderingTime, resultToken } = request;
  // In an organization all accounts share the log.
  logger.appendKeys({ accountId });
  const parameters = readParameters(request.parameters);
  const member = await enterMember(accountId, ownIn(context.invokedFunctionArn), {
    reporterRoleName: environment.REPORTER_ROLE_NAME,
    others: parameters,
    deadline: Date.now() + context.getRemainingTimeInMillis() - RESERVED_FOR_REPORTS_MS,
  });
  const isScheduled = subject.kind === 'everything';
  if (isScheduled) countResultsFromZero();
  logger.info('asked', { subject, orderingTime });
  const evaluations = await judgeAndReport(request, { parameters, member, context });
  logger.info('reported', { evaluations });
  if (!isScheduled || isDryRun(resultToken)) return;
  count('ScheduledRuns');
  await reportTypesNotRecorded(member.config, context.getRemainingTimeInMillis());
}

/** Reports a verdict on each flow log to AWS Config, then to Security Hub; resolves with the number of evaluations. */
async function judgeAndReport(
  request: RuleRequest,
  {
    parameters,
    member,
    context,
  }: {
    readonly parameters: Parameters;
    readonly member: Member;
    readonly context: Context;
  },
): Promise<number> {
  const region = regionIn(context.invokedFunctionArn);
  const place = { accountId: request.accountId, region };
  const startedAt = new Date();
  const end = Date.now() + context.getRemainingTimeInMillis();
  const deadline = end - RESERVED_FOR_REPORTS_MS;
  const exemptions = await exemptionsOfRun(request, parameters, { region, startedAt, deadline });
  const { resultToken } = request;
  const lastPut = end - RESERVED_FOR_END_MS;
  const sink = evaluationSink({ client: member.config, resultToken, deadline: lastPut });
  const report = (evaluated: Evaluated): Promise<void> =>
    reportFindings(evaluated, {
      place,
      parameters,
      exemptions,
      startedAt,
      deadline: lastPut,
      reporter: member.reporter,
    });
  await withLastRun(request, place, ({ notJudgedBefore, note, noteNotReached }) =>
    evaluate({
      request,
      region,
      parameters,
      exemptions,
      member,
      sink,
      deadline,
      notJudgedBefore,
      onResult(result) {
        recordResult(result);
        note(result);
      },
      onNotReached: noteNotReached,
      onEvaluated: environment.DETAILED_FINDINGS && !isDryRun(resultToken) ? report : undefined,
    }),
  );
  return sink.reported();
}
