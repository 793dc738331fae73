/** The door for CloudFormation: a hook asks about the template of a stack or a change set, before the deployment. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Context } from 'aws-lambda';
import { memoize } from '../basics/memory.ts';
import { withTimeLimit } from '../basics/time-limit.ts';
import { errorText } from '../basics/text.ts';
import type { Question } from '../model/question.ts';
import { readParameters, type Parameters } from '../model/parameters.ts';
import { clientConfig } from '../sources/aws/clients.ts';
import { askExisting } from '../sources/planned/ask-existing.ts';
import { exemptionsReader } from '../sources/exemptions/exemptions-reader.ts';
import { accountToAsk } from './account-to-ask.ts';
import { answerTo, notJudged, passed, type HookAnswer } from './answer.ts';
import { deployedStack } from './deployed-stack.ts';
import { environment, gateServiceName } from './environment.ts';
import { readHookEvent, tokenOf, type HookRequest } from './hook-event.ts';
import { judgeStack } from './judge-stack.ts';
import { fetchPayload } from './payload.ts';

/** Reserved before the function's time limit, for the answer. */
const RESERVED_FOR_HOOK_MS = 4_000;

const logger = new Logger({ serviceName: gateServiceName });
const gateMetrics = new Metrics({ namespace: 'FlowLogKeyRule', serviceName: gateServiceName });

// Made once: connections outlast an invocation.
const cloudFormation = new CloudFormationClient(clientConfig);

/**
 * Answers a Lambda hook. Never rejects: AWS does not document what an error of the function does to an operation. A failure
 * of the function is an answer too, and the mode of the hook decides.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export async function handler(
  input: unknown,
  context: Context,
): Promise<HookAnswer & { readonly clientRequestToken: string }> {
  logger.addContext(context);
  const clientRequestToken = tokenOf(input);
  try {
    const request = readHookEvent(input, context.invokedFunctionArn);
    const { stackId, changeSetId, operation } = request;
    logger.info('asked', { stackId, changeSetId, operation });
    const answer = await answerInTime(request, context);
    const { hookStatus, annotations = [] } = answer;
    logger.info('ended', { hookStatus, causes: annotations.length });
    return { ...answer, clientRequestToken };
  } catch (error) {
    logger.error('stack was not judged', error as Error);
    gateMetrics.addMetric('HookFailed', MetricUnit.Count, 1);
    gateMetrics.publishStoredMetrics();
    return { ...notJudged(errorText(error)), clientRequestToken };
  }
}

/** Rejects where the stack cannot be judged in time. */
function answerInTime(request: HookRequest, context: Context): Promise<HookAnswer> {
  const limitMs = context.getRemainingTimeInMillis() - RESERVED_FOR_HOOK_MS;
  const deadline = Date.now() + limitMs;
  return withTimeLimit(
    (signal) => judgeRequest(request, { signal, deadline }),
    limitMs,
    'time limit is near, and AWS has not answered: look at the network path to AWS',
  );
}

async function judgeRequest(
  request: HookRequest,
  { signal, deadline }: { readonly signal: AbortSignal; readonly deadline: number },
): Promise<HookAnswer> {
  const variables = environment();
  if (request.operation === 'delete') return passed('a deletion is not judged');
  if (request.stackId === variables.OWN_STACK_ID) return passed('the stack of the hook itself');
  const parameters = readParameters(variables.RULE_PARAMETERS);
  const endpoint = variables.AWS_ENDPOINT_URL_S3;
  const payload = await fetchPayload(request.payloadUrl, { endpoint, signal });
  const judged = await judgeStack(payload, {
    request,
    asked: askExisting(accountToAsk(request, parameters, deadline)),
    stack: deployedStack(cloudFormation, request),
    question: memoize(() => hookQuestion(parameters, request)),
    deadline,
  });
  return judged === undefined ? passed('no flow log in the template') : answerTo(judged);
}

const hookQuestion = async (parameters: Parameters, { place }: HookRequest): Promise<Question> => ({
  ...parameters,
  exemptions: await exemptionsReader(place.region)(parameters),
  now: new Date(),
  withholdsForeignPolicies: true,
});
