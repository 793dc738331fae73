import { execute, type Executed, type Invoked } from '../automation.ts';
import { stackEvent } from '../../gate/hook.ts';
import { region } from '../organization-world.ts';
import type { Runbook } from '../../../infra/remediation/runbook-content.ts';
import { resolved } from './values.ts';
import { type Ids, type Place, type Template } from './stacks.ts';

/** Invokes a deployed function. Throws the error with which the function ends. */
export async function invokeFunction(
  { cloud, accountId, where = region }: Place,
  functionName: string,
  event: object,
): Promise<unknown> {
  const response = await fetch(
    `${cloud.endpoint}/2015-03-31/functions/${functionName}/invocations`,
    {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accountId}/20261126/${where}/lambda/aws4_request, SignedHeaders=host, Signature=0`,
        'x-amz-date': '20261126T000000Z',
      },
      body: JSON.stringify(event),
    },
  );
  const answer = await response.text();
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`${functionName} answers ${response.status}: ${answer}`);
  return answer === '' ? undefined : (JSON.parse(answer) as unknown);
}

export interface Rule {
  readonly ruleName: string;
  readonly functionName: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The account that asks; the function's own unless told otherwise. */
  readonly asks?: string;
}

let tokens = 0;

/** AWS Config asks for everything. The verdicts, by flow log. */
export async function judge(place: Place, rule: Rule): Promise<Record<string, string>> {
  const { ruleName, functionName, parameters = {}, asks = place.accountId } = rule;
  const resultToken = `token-${++tokens}`;
  await invokeFunction(place, functionName, {
    version: '1.0',
    accountId: asks,
    configRuleName: ruleName,
    configRuleId: 'config-rule-abcdef',
    configRuleArn: `arn:aws:config:${region}:${asks}:config-rule/config-rule-abcdef`,
    executionRoleArn: `arn:aws:iam::${asks}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    evaluationMode: 'DETECTIVE',
    eventLeftScope: false,
    resultToken,
    invokingEvent: JSON.stringify({
      awsAccountId: asks,
      messageType: 'ScheduledNotification',
      notificationCreationTime: new Date().toISOString(),
      recordVersion: '1.0',
    }),
    ruleParameters: JSON.stringify(parameters),
  });
  const puts = place.cloud.seen.worked.filter(
    ({ call }) => call.operation === 'PutEvaluations' && call.input.ResultToken === resultToken,
  );
  const evaluations = puts.flatMap(({ call }) => call.input.Evaluations as readonly Evaluation[]);
  return Object.fromEntries(
    evaluations.map((each) => [
      each.ComplianceResourceId,
      `${each.ComplianceType} ${each.Annotation ?? ''}`,
    ]),
  );
}

type Evaluation = Readonly<
  Record<'ComplianceResourceId' | 'ComplianceType', string> & { Annotation?: string }
>;

/** The parameters of the rule in a template. */
export function parametersIn(
  { Resources }: Template,
  ids: Ids = {},
): Readonly<Record<string, string>> {
  const rule = Object.values(Resources).find(({ Type }) => Type === 'AWS::Config::ConfigRule');
  return resolved(rule?.Properties?.InputParameters ?? {}, ids) as Readonly<Record<string, string>>;
}

/** CloudFormation asks about a new stack. */
export const hookEvent = (accountId: string, payload: string): object =>
  stackEvent('CREATE_PRE_PROVISION', payload, {
    awsAccountId: accountId,
    stackId: `arn:aws:cloudformation:${region}:${accountId}:stack/Net/1a2345b6-0000-00a0-a123-00abc0abc000`,
  });

// Runbooks -----------------------------------------------------------------------------------------------------------

export interface Runbooks {
  readonly template: Template;
  /** Physical ids of the deployed stack. */
  readonly ids: Ids;
  /** The place of the mender; the place of the runbook unless told otherwise. */
  readonly menderIn?: Place;
}

/** Runs a runbook as the template of a deployed stack has it; ministack has no documents of Systems Manager. */
export function runDocument(
  place: Place,
  { template, ids, menderIn = place }: Runbooks,
  execution: {
    readonly id: string;
    readonly document: string;
    readonly parameters: Readonly<Record<string, string>>;
  },
): Promise<Executed> {
  const { executions } = place.cloud.automations;
  const found = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::SSM::Document' && resolved(Properties?.Name, ids) === execution.document,
  );
  if (found === undefined) throw new Error(`the template has no document ${execution.document}`);
  const runbook = resolved(found.Properties?.Content, ids) as Runbook;
  const named = (step: Runbook['mainSteps'][number]): string => String(step.inputs.FunctionName);
  const names = runbook.mainSteps
    .filter(({ action }) => action === 'aws:invokeLambdaFunction')
    .map(named);
  const call =
    (name: string) =>
    async (input: object): Promise<Invoked> => {
      try {
        const answer = await invokeFunction(menderIn, name, input);
        return { payload: JSON.stringify(answer), failed: false };
      } catch (error) {
        return { payload: (error as Error).message, failed: true };
      }
    };
  return execute(runbook, {
    ...execution,
    accountId: place.accountId,
    show: (shown) => void executions.set(execution.id, shown),
    functions: Object.fromEntries(names.map((name) => [name, call(name)])),
  });
}
