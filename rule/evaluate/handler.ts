import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { tellSecurityHub, type Evaluated } from './security-hub/tell.ts';
import { environment } from './environment.ts';
import { evaluate } from './evaluate.ts';
import { enterMember } from './member.ts';
import type { Own } from '../sources/across/accounts.ts';
import { accountIn, regionIn } from '../model/arn.ts';
import { exemptionInWords, isExpired, type Exemption } from '../model/exemption.ts';
import { readParameters, type Parameters } from '../model/parameters.ts';
import { evaluationSink, isDryRun } from './evaluations.ts';
import { counter, clientConfig, makeClients } from '../sources/aws/clients.ts';
import { readEvent, type Asked } from './event.ts';
import { takesRoles, type TakeRole } from '../sources/aws/roles.ts';
import { typesNotRecorded } from './recorder.ts';
import type { Judged, NotJudged } from '../judge/survey.ts';
import { withinDeadline } from '../basics/time-limit.ts';

/** What is kept of the time limit for reporting what was judged and ending in order, in milliseconds. */
const MARGIN = 10_000;

/** What is kept of the time limit after Security Hub was told, in milliseconds. */
const FINDINGS_MARGIN = 5_000;

const {
  DETAILED_FINDINGS: detailed,
  POWERTOOLS_SERVICE_NAME: serviceName,
  REPORTER_ROLE_NAME: reporterRoleName,
} = environment;
const logger = new Logger({ serviceName });
const metrics = new Metrics({ namespace: 'FlowLogKeyRule', serviceName });

/** What happened in this invocation, by the name of its metric. */
const tally = new Map<string, number>();
const count = (name: Metric, by = 1): void => {
  tally.set(name, (tally.get(name) ?? 0) + by);
};
type Metric =
  | 'ApiCalls'
  | 'Evaluated'
  | 'Blocked'
  | 'Unknown'
  | 'NotJudged'
  | 'Failed'
  | 'FindingsFailed'
  | 'ExemptionsExpired'
  | 'ScheduledRuns'
  | 'TypesNotRecorded';

const verdicts = ['Evaluated', 'Blocked', 'Unknown', 'NotJudged'] as const;

const calls = counter(() => {
  count('ApiCalls');
});
const clients = makeClients(calls);
const ownConfig = new ConfigServiceClient({ ...clientConfig, logger: calls });

/** Sessions in other accounts, which outlast an invocation. */
let takeRole: TakeRole | undefined;

/**
 * AWS Config asks; evaluations answer. Rejects for what is no event of AWS Config, an event of another account, a
 * bad rule parameter, exemptions that cannot be read, and any flow log that could not be judged or reported.
 * https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  try {
    const asked = readEvent(event);
    const parameters = readParameters(asked.parameters);
    const place = { accountId: asked.accountId, region: regionIn(context.invokedFunctionArn) };
    const member = await enterMember(asked.accountId, ownIn(context), {
      reporterRoleName,
      others: parameters,
    });
    const { config } = member;
    // An alarm ends where there is a zero, not where there is nothing.
    if (asked.subject.kind === 'everything') for (const each of verdicts) count(each, 0);
    logger.info('asked', { subject: asked.subject, orderingTime: asked.orderingTime });
    const sink = evaluationSink(config, asked.resultToken);
    const asOf = new Date();
    const deadline = Date.now() + context.getRemainingTimeInMillis() - MARGIN;
    const exemptions = await withinDeadline(
      exemptionsFor(asked, parameters, place.region),
      deadline,
    );
    tellOfExpired(exemptions, asOf);
    const tell = async (evaluated: Evaluated): Promise<void> => {
      const end = Date.now() + context.getRemainingTimeInMillis() - FINDINGS_MARGIN;
      try {
        const { reporter } = member;
        const told = { place, parameters, exemptions, asOf, deadline: end, calls, reporter };
        logger.info('findings', { imported: await tellSecurityHub(evaluated, told) });
      } catch (error) {
        // AWS Config has been told by then: this costs a warning and a metric, and no evaluation.
        count('FindingsFailed');
        logger.warn('findings not imported, evaluations are not affected', error as Error);
      }
    };
    await evaluate({
      asked,
      region: place.region,
      parameters,
      exemptions,
      ...member,
      sink,
      deadline,
      note,
      afterwards: detailed && !isDryRun(asked.resultToken) ? tell : undefined,
    });
    logger.info('reported', { evaluations: sink.reported() });
    if (asked.subject.kind === 'everything' && !isDryRun(asked.resultToken)) {
      count('ScheduledRuns');
      await lookAtRecorder(
        config,
        Date.now() + Math.min(5_000, context.getRemainingTimeInMillis() - 2_000),
      );
    }
  } catch (error) {
    count('Failed');
    logger.error('invocation failed', error as Error);
    throw error;
  } finally {
    for (const [name, value] of tally) metrics.addMetric(name, MetricUnit.Count, value);
    if (tally.size > 0) metrics.publishStoredMetrics();
    tally.clear();
  }
}

/** Made when it is first needed, from code that is loaded then: a cold start does without. */
let ssm: SSMClient | undefined;

/** The exemptions of the rule, as they are now; none are asked for where nothing will be judged. */
async function exemptionsFor(
  { subject }: Asked,
  { exemptionsParameter: name }: Parameters,
  region: string,
): Promise<readonly Exemption[]> {
  if (name === undefined || subject.kind === 'nothing' || subject.kind === 'not-applicable')
    return [];
  const { exemptionsIn, makeSsm } = await import('../sources/exemptions/parameter.ts');
  ssm ??= makeSsm(region, calls);
  const exemptions = await exemptionsIn(ssm, name);
  count('ExemptionsExpired', 0);
  return exemptions;
}

/** Whose exemption is over has to hear of it: the flow logs are judged again. */
function tellOfExpired(exemptions: readonly Exemption[], now: Date): void {
  const expired = exemptions.filter((each) => isExpired(each, now));
  if (expired.length === 0) return;
  count('ExemptionsExpired', expired.length);
  logger.warn('exemptions have expired and are ignored', {
    exemptions: expired.map(exemptionInWords),
  });
}

/** Says which types AWS Config does not record; that it cannot be asked is no reason to fail. */
async function lookAtRecorder(config: ConfigServiceClient, deadline: number): Promise<void> {
  try {
    const types = await withinDeadline(typesNotRecorded(config), deadline);
    count('TypesNotRecorded', types.length);
    if (types.length > 0)
      logger.warn('types are not recorded, so no change of them is heard of', { types });
  } catch (error) {
    logger.warn('configuration recorder could not be asked', error as Error);
  }
}

/** What works with the function's own credentials: its account, unless it reports by a role in every account. */
function ownIn(context: Context): Own {
  const accountId =
    reporterRoleName === undefined ? accountIn(context.invokedFunctionArn) : undefined;
  takeRole ??= takesRoles(regionIn(context.invokedFunctionArn), calls);
  return { accountId, clients, config: ownConfig, takeRole, calls };
}

/** One line for each flow log that is not surely delivered; policies and their conditions stay out of the logs. */
function note(it: Judged | NotJudged): void {
  count('Evaluated');
  const flowLogId = it.flowLog.id;
  if (it.kind === 'not-judged') {
    count('NotJudged');
    logger.error('flow log could not be judged', { flowLogId, error: it.failure as Error });
    return;
  }
  const { outcome, reason, bucket, keyArn } = it.verdict;
  if (outcome !== 'blocked' && outcome !== 'unknown') return;
  count(outcome === 'blocked' ? 'Blocked' : 'Unknown');
  logger.warn('flow log is not surely delivered', { flowLogId, outcome, reason, bucket, keyArn });
}
