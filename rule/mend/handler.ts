/** The door for SSM Automation: a runbook asks for a step, and gets the answer or an error that says what was written. */
import { Logger } from '@aws-lambda-powertools/logger';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { Context } from 'aws-lambda';
import { withinDeadline } from '../basics/time-limit.ts';
import { parseArn } from '../model/arn.ts';
import { readParameters } from '../model/parameters.ts';
import { clientConfig, makeClients } from '../sources/aws/clients.ts';
import { takesRoles } from '../sources/aws/roles.ts';
import { exemptionsReader } from '../sources/exemptions/exemptions-reader.ts';
import { accessFor, type Access } from './access.ts';
import { centralRoles, environment, mendServiceName, runbooks } from './environment.ts';
import { makeMendContext, type MendContext } from './mend-context.ts';
import { proveAsker } from './proof.ts';
import type { ShownExecution } from './shown-execution.ts';
import { readStepEvent, type StepEvent } from './step-event.ts';
import { answerStep, type StepAnswer } from './steps.ts';

/** The last part of the function's time is kept for the answer. */
const ANSWER_MARGIN_MS = 10_000;

// Made once: connections outlast an invocation.
const mendClients = makeClients();
const mendConfig = new ConfigServiceClient(clientConfig);
const logger = new Logger({ serviceName: mendServiceName });

/**
 * The door of SSM Automation: each invocation does a step of mending a key policy or of taking a mend back. Rejects with
 * a sentence for the automation to end with: the sentence gives the reason, and says if the policy was written.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 */
export async function handler(input: unknown, context: Context): Promise<StepAnswer> {
  logger.addContext(context);
  const event = readStepEvent(input);
  // Policies stay out of the logs. Only the answer and the error quote policies.
  logger.info('asked', { ...event });
  const answer = await answerStep(event, openMendContext(event, context));
  const { outcome, message } = answer;
  logger.info('ended', { outcome, ...(outcome === 'refused' && { why: message }) });
  return answer;
}

async function openMendContext(event: StepEvent, context: Context): Promise<MendContext> {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - ANSWER_MARGIN_MS;
  const variables = environment();
  const { region = '', accountId: ownAccountId } = parseArn(context.invokedFunctionArn) ?? {};
  const { accountId, executionId, step } = event;
  const parameters = readParameters(variables.RULE_PARAMETERS);
  const roles = centralRoles(variables);
  const own = {
    accountId: roles === undefined ? ownAccountId : undefined,
    clients: mendClients,
    config: mendConfig,
    // New sessions in each invocation: CloudTrail in the key's account shows the session name, and so the asking account.
    takeRole: takesRoles(region, undefined, `${step}-${accountId}-${executionId}`.slice(0, 64)),
  };
  const access = accessFor(accountId, own, { roles, others: parameters });
  await proveAsker(event, {
    runbooks: runbooks(variables),
    show: await viewOf(access, region),
    paceMs: variables.READ_PACE_MS,
  });
  const isJudged = step === 'plan' || step === 'mend';
  const read = isJudged ? exemptionsReader(region)(parameters) : [];
  const exemptions = await withinDeadline(
    Promise.resolve(read),
    deadline,
    'the exemptions have not been read, start another execution',
  );
  return makeMendContext({
    place: { accountId, region },
    ownAccountId,
    access,
    table: variables.TABLE_NAME,
    leaseTable: variables.LEASE_TABLE_NAME,
    holder: `execution ${executionId} of account ${accountId} (${context.awsRequestId})`,
    question: {
      ...parameters,
      exemptions,
      now: new Date(),
      // A function without roles reads by the credentials of the asking account.
      withholdsForeignPolicies: access.across !== undefined,
    },
    foreignKeys: {
      accounts: variables.FOREIGN_KEY_ACCOUNTS?.split(','),
      archives: parameters.ownerAccounts,
    },
    sparedKeyArn: variables.ENCRYPTION_KEY_ARN,
    scope: variables.REMEDIATION_SCOPE,
    paceMs: variables.READ_PACE_MS,
    deadline,
  });
}

/** Looks at executions of runbooks in the asking account and the function's Region. The SDK is loaded on demand. */
async function viewOf(
  access: Access,
  region: string,
): Promise<(id: string) => Promise<ShownExecution>> {
  const credentials = await access.executionCredentials();
  const { executionView } = await import('./shown-execution.ts');
  return executionView({ region, credentials });
}
