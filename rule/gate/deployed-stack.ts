import {
  type CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Parameter,
} from '@aws-sdk/client-cloudformation';
import { memoize } from '../basics/memory.ts';
import { isUnknown, unknown, type Unknown } from '../model/facts.ts';
import { explained, isLasting } from '../sources/aws/refusal.ts';
import type { StackParameter } from '../sources/template/stack-template.ts';
import type { HookRequest } from './hook-event.ts';

/** The stack of a request, as CloudFormation tells. A refusal is unknown. */
export interface DeployedStack {
  /** The parameters to deploy with. */
  readonly nextParameters: () => Promise<readonly StackParameter[]>;
  /** The parameters that the stack has. */
  readonly parameters: () => Promise<readonly StackParameter[]>;
  /** Whether the stack has resources already. */
  readonly exists: () => Promise<boolean>;
  readonly template: () => Promise<string | Unknown>;
}

interface Described {
  readonly status: string;
  readonly parameters: readonly Parameter[];
}

/** Asks CloudFormation at most once about each. */
export function deployedStack(client: CloudFormationClient, request: HookRequest): DeployedStack {
  const described = memoize((stackId: string) => describeStack(client, stackId));
  const { stackId, changeSetId, operation } = request;
  const parameters = async (): Promise<readonly Parameter[]> => {
    const stack = await described(stackId);
    return isUnknown(stack) ? [] : stack.parameters;
  };
  return {
    async nextParameters() {
      if (changeSetId !== undefined)
        return (await parametersOfChangeSet(client, changeSetId, parameters)).map(told);
      // AWS does not document which values a stack shows before its update.
      return operation === 'create' ? (await parameters()).map(told) : [];
    },
    parameters: async () => (await parameters()).map(told),
    async exists() {
      if (operation !== 'change-set') return operation === 'update';
      const stack = await described(stackId);
      return isUnknown(stack) || stack.status !== 'REVIEW_IN_PROGRESS';
    },
    template: () => templateOf(client, stackId),
  };
}

const told = ({ ParameterKey, ParameterValue, ResolvedValue }: Parameter): StackParameter => ({
  name: ParameterKey ?? '',
  value: ParameterValue,
  resolved: ResolvedValue,
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
async function describeStack(
  client: CloudFormationClient,
  stackId: string,
): Promise<Described | Unknown> {
  const answer = await answered(
    client.send(new DescribeStacksCommand({ StackName: stackId })),
    'cloudformation:DescribeStacks',
  );
  if (isUnknown(answer)) return answer;
  const [stack] = answer.Stacks ?? [];
  return { status: stack?.StackStatus ?? '', parameters: stack?.Parameters ?? [] };
}

/**
 * The parameters of a change set; where the change set keeps the value of the stack, this value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
 */
async function parametersOfChangeSet(
  client: CloudFormationClient,
  changeSetId: string,
  ofStack: () => Promise<readonly Parameter[]>,
): Promise<readonly Parameter[]> {
  const answer = await answered(
    client.send(new DescribeChangeSetCommand({ ChangeSetName: changeSetId })),
    'cloudformation:DescribeChangeSet',
  );
  const parameters = isUnknown(answer) ? [] : (answer.Parameters ?? []);
  if (!parameters.some(({ UsePreviousValue }) => UsePreviousValue)) return parameters;
  const kept = new Map((await ofStack()).map((each) => [each.ParameterKey, each]));
  return parameters.map((each) =>
    each.UsePreviousValue ? (kept.get(each.ParameterKey) ?? each) : each,
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
async function templateOf(
  client: CloudFormationClient,
  stackId: string,
): Promise<string | Unknown> {
  const answer = await answered(
    client.send(new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' })),
    'cloudformation:GetTemplate',
  );
  return isUnknown(answer) ? answer : (answer.TemplateBody ?? '');
}

/** A refusal as unknown, and every other answer that stays: the stack or the change set does not exist, say. */
async function answered<T extends object>(call: Promise<T>, action: string): Promise<T | Unknown> {
  try {
    return await call;
  } catch (error) {
    if (!isLasting(error)) throw explained(error, action);
    return unknown(`${action} is not answered (${error.name})`);
  }
}
