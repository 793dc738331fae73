import { FLOW_LOG_ID } from '../model/name-patterns.ts';
import { Logger } from '@aws-lambda-powertools/logger';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { failed, type Ending } from './change.ts';
import { mend, plan, type Tools } from './mend.ts';
import { parseArn, accountIn } from '../model/arn.ts';
import type { Exemption } from '../model/exemption.ts';
import { errorText } from '../basics/text.ts';
import { statementOf } from '../remedy/grant.ts';
import { readParameters, type Parameters } from '../model/parameters.ts';
import { scopes } from '../remedy/remedy.ts';
import { diff } from './diff.ts';
import { reachInto } from './reach.ts';
import { clientConfig, makeClients } from '../sources/aws/clients.ts';
import { takesRoles } from '../sources/aws/roles.ts';
import { stateAfter, takeBack } from './take-back.ts';
import { PACE, TABLE, toolsOf } from './tools.ts';

/** What is kept of the time limit for saying how it ended, in milliseconds. */
const MARGIN = 10_000;

/** The account that runs the runbook, and has the flow log. */
const accountId = v.pipe(v.string(), v.regex(/^\d{12}$/, 'is no account id'));
const executionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'is no execution id'));
const flowLogId = v.pipe(v.string(), v.regex(FLOW_LOG_ID, 'is no flow log id'));
const event = v.variant('step', [
  v.object({ step: v.picklist(['plan', 'mend']), accountId, flowLogId, executionId }),
  v.object({ step: v.picklist(['look', 'take-back']), accountId, executionId }),
]);
type Asked = v.InferOutput<typeof event>;

/** What the operator chose where it was deployed. */
const settings = v.object({
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  TABLE_NAME: v.optional(v.string(), TABLE),
  /** The table of leases, which every account has in each Region, where that of executions is called otherwise. */
  LEASE_TABLE_NAME: v.optional(v.string()),
  RULE_PARAMETERS: v.pipe(
    v.optional(v.string(), '{}'),
    v.parseJson(),
    v.record(v.string(), v.string()),
  ),
  REMEDIATION_SCOPE: v.optional(v.picklist(scopes), 'flow-logs'),
  /** The role that mends keys in every account, its own included; without it the function mends for its own alone. */
  MENDER_ROLE_NAME: v.optional(v.string()),
  /** For tests, which have no time to lose. */
  READ_PACE_MS: v.pipe(v.optional(v.string(), String(PACE)), v.toNumber()),
});

/** What a step of the automation answers; the first field is what it goes on from. */
type Answer = { readonly outcome: string; readonly message: string } & Readonly<
  Record<string, unknown>
>;

const clients = makeClients();
const config = new ConfigServiceClient(clientConfig);

const logger = new Logger({
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'flow-log-key-rule',
});

/**
 * SSM Automation asks; the policy of one key is mended, or what was mended is taken back. Rejects with a sentence that
 * says why and whether anything was written, for the automation to end with.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 */
export async function handler(input: unknown, context: Context): Promise<Answer> {
  logger.addContext(context);
  const asked = readAsked(input);
  // What a policy says stays out of the logs; the answer and the error have it.
  logger.info('asked', { ...asked });
  const answer = await answerTo(asked, toolsIn(context, asked));
  logger.info('ended', { outcome: answer.outcome });
  return answer;
}

function readAsked(input: unknown): Asked {
  const read = v.safeParse(event, input);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Error(
    `nothing was written: the event is not one of this automation (${v.getDotPath(issue) ?? 'event'}: ${issue.message})`,
  );
}

async function toolsIn(context: Context, asked: Asked): Promise<Tools> {
  const read = v.parse(settings, process.env);
  const { region = '', accountId: own } = parseArn(context.invokedFunctionArn) ?? {};
  const { accountId, executionId, step } = asked;
  const parameters = readParameters(read.RULE_PARAMETERS);
  const menderRoleName = read.MENDER_ROLE_NAME;
  // Taken anew each time, for a name that says in the account of the key on whose behalf its policy is changed.
  const takeRole = takesRoles(
    region,
    undefined,
    `${step}-${accountId}-${executionId}`.slice(0, 64),
  );
  const home = menderRoleName === undefined ? own : undefined;
  const reach = reachInto(
    accountId,
    { accountId: home, clients, config, takeRole },
    { menderRoleName, others: parameters },
  );
  const exemptions =
    step === 'plan' || step === 'mend' ? await exemptionsFor(parameters, region) : [];
  return toolsOf({
    place: { accountId, region },
    reach,
    table: read.TABLE_NAME,
    leases: read.LEASE_TABLE_NAME,
    holder: `execution ${executionId} of account ${accountId} (${context.awsRequestId})`,
    question: { ...parameters, exemptions, now: new Date() },
    scope: read.REMEDIATION_SCOPE,
    pace: read.READ_PACE_MS,
    deadline: Date.now() + context.getRemainingTimeInMillis() - MARGIN,
  });
}

/** The exemptions of the rule, as they are now. */
async function exemptionsFor(
  { exemptionsIn: name }: Parameters,
  region: string,
): Promise<readonly Exemption[]> {
  if (name === undefined) return [];
  const { exemptionsIn, makeSsm } = await import('../sources/exemptions/parameter.ts');
  return exemptionsIn(makeSsm(region), name);
}

async function answerTo(asked: Asked, opened: Promise<Tools>): Promise<Answer> {
  // What rejects here has not come as far as a put.
  const nothingWritten = (error: unknown): Ending => failed(errorText(error));
  const notKnown = (error: unknown): Ending => failed(errorText(error), 'not known');
  const ending = <T>(work: (tools: Tools) => Promise<T>, orElse = nothingWritten) =>
    opened.then(work).catch(orElse);
  switch (asked.step) {
    case 'plan': {
      const answer = await ending((tools) => planned(asked, tools));
      return answer.outcome === 'remedy' ? answer : answered(answer, 'planned');
    }
    case 'mend':
      return answered(await ending((tools) => mended(asked, tools)), 'mended');
    case 'take-back':
      return answered(await ending((tools) => takeBack(asked.executionId, tools)), 'taken-back');
    case 'look':
      return answered(
        await ending((tools) => stateAfter(asked.executionId, tools), notKnown),
        'looked',
      );
  }
}

/** An ending as an answer; what failed rejects. */
function answered({ outcome, message }: Ending, changed: string): Answer {
  if (outcome === 'failed') throw new Error(message);
  return { outcome: outcome === 'changed' ? changed : outcome, message };
}

interface OfFlowLog {
  readonly accountId: string;
  readonly flowLogId: string;
  readonly executionId: string;
}

async function planned(
  { accountId, flowLogId, executionId }: OfFlowLog,
  tools: Tools,
): Promise<Ending | (Answer & { readonly outcome: 'remedy' })> {
  const { remedies, endings } = await plan([flowLogId], tools);
  const [first] = remedies;
  if (first === undefined) {
    const [{ ending } = { ending: failed(`nothing is known of flow log ${flowLogId}`) }] = endings;
    return ending;
  }
  if ((await tools.executions.find(executionId))?.begun !== undefined)
    return failed(`execution ${executionId} was carried out, start another`);
  const { keyArn, grant, statement, replaces, before, after } = first.remedy;
  // Whoever cannot be mended for hears of it before anybody is asked to approve.
  await tools.policyOf(keyArn);
  await tools.executions.keep(executionId, { flowLogIds: [flowLogId], keyArn, grant });
  return {
    outcome: 'remedy',
    message: `statement ${statement.Sid} ${replaces ? 'grows' : 'is added'} in the policy of key ${keyArn} for flow log ${flowLogId}`,
    // What else is in the policy of another account's key is not for whoever may read this answer.
    ...(accountIn(keyArn) === accountId
      ? { diff: diff(before, after) }
      : { adds: statementOf(grant, statement.Sid) }),
  };
}

async function mended({ flowLogId, executionId }: OfFlowLog, tools: Tools): Promise<Ending> {
  const execution = await tools.executions.find(executionId);
  if (!execution?.flowLogIds.includes(flowLogId))
    return failed(`execution ${executionId} has no plan for flow log ${flowLogId}`);
  const ending = await mend({ id: executionId, ...execution }, tools);
  return ending.written === 'no' && ending.outcome === 'failed'
    ? ending
    : { ...ending, message: `${ending.message}${reminder}` };
}

/** Keys often have an owner who does not know. */
const reminder =
  '; if Terraform, CDK or CloudFormation owns the key, put the statement there too, or the next deployment takes it away (flow-log-key statement writes it)';
