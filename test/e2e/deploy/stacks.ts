import { setTimeout as wait } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  type Capability,
  type Parameter,
} from '@aws-sdk/client-cloudformation';
import { region } from '../organization-world.ts';
import { rootOf, type Cloud } from './ministack.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** Where a stack is. */
export interface Place {
  readonly cloud: Cloud;
  readonly accountId: string;
  readonly where?: string;
}

const clientOf = ({ cloud, accountId, where }: Place): CloudFormationClient =>
  new CloudFormationClient(rootOf(cloud, accountId, where));

export interface Stack {
  readonly name: string;
  readonly template: Template;
  readonly parameters?: Readonly<Record<string, string>>;
}

const inputOf = ({ name, template, parameters = {} }: Stack) => ({
  StackName: name,
  TemplateBody: JSON.stringify(template),
  Capabilities: ['CAPABILITY_NAMED_IAM' satisfies Capability] as Capability[],
  Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]): Parameter => ({
    ParameterKey,
    ParameterValue,
  })),
});

/** The types that ministack refuses in a template, which then makes no stack. */
export async function refusedTypes(place: Place, stack: Stack): Promise<readonly string[]> {
  const name = 'refused';
  try {
    await clientOf(place).send(new CreateStackCommand(inputOf({ ...stack, name })));
  } catch (error) {
    const [, types = ''] = /Unrecognized resource types: \[(.*?)\]/.exec(String(error)) ?? [];
    if (types !== '') return types.split(', ').sort();
    throw error;
  }
  await removeStack(place, name);
  return [];
}

/** What references of a template become: physical ids of resources, and parameters. */
export type Ids = Readonly<Record<string, string>>;

export async function createStack(place: Place, stack: Stack): Promise<Ids> {
  await clientOf(place).send(new CreateStackCommand(inputOf(stack)));
  await ended(place, stack.name, 'CREATE_COMPLETE');
  return idsOf(place, stack);
}

export async function updateStack(place: Place, stack: Stack): Promise<Ids> {
  await clientOf(place).send(new UpdateStackCommand(inputOf(stack)));
  await ended(place, stack.name, 'UPDATE_COMPLETE');
  return idsOf(place, stack);
}

async function idsOf(place: Place, { name, parameters = {} }: Stack): Promise<Ids> {
  const command = new DescribeStackResourcesCommand({ StackName: name });
  const { StackResources = [] } = await clientOf(place).send(command);
  const { accountId, where = region } = place;
  return {
    'AWS::Partition': 'aws',
    'AWS::Region': where,
    'AWS::AccountId': accountId,
    ...parameters,
    ...Object.fromEntries(
      StackResources.map((each) => [each.LogicalResourceId ?? '', each.PhysicalResourceId ?? '']),
    ),
  };
}

/** The physical id of the only resource of a type with these letters in its logical id. */
export function idOf(
  { template, ids }: { readonly template: Template; readonly ids: Ids },
  type: string,
  letters = '',
): string {
  const found = Object.keys(template.Resources).filter(
    (id) => template.Resources[id]?.Type === type && id.includes(letters),
  );
  const [id = ''] = found;
  if (found.length !== 1) throw new Error(`${found.length} are ${type} ${letters}`);
  return ids[id] ?? '';
}

export async function removeStack(place: Place, name: string): Promise<void> {
  const client = clientOf(place);
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  const id = Stacks[0]?.StackId ?? name;
  await client.send(new DeleteStackCommand({ StackName: name }));
  await ended(place, id, 'DELETE_COMPLETE');
}

/** Generous: the machine may be busy. */
const LONGEST_STACK_MS = 180_000;

/** Waits until CloudFormation is done with a stack. Throws the reasons of another end than the wanted. */
async function ended(place: Place, StackName: string, wanted: string): Promise<void> {
  const client = clientOf(place);
  const deadline = Date.now() + LONGEST_STACK_MS;
  for (;;) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const { StackStatus = '', StackStatusReason } = Stacks[0] ?? {};
    if (StackStatus === wanted) return;
    if (!StackStatus.endsWith('IN_PROGRESS') || Date.now() > deadline) {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
      const reasons = StackEvents.filter(({ ResourceStatus }) =>
        ResourceStatus?.includes('FAILED'),
      );
      throw new Error(
        `${StackName} is ${StackStatus}, not ${wanted}: ${StackStatusReason ?? ''} ${reasons
          .map((each) => `${each.LogicalResourceId ?? ''}: ${each.ResourceStatusReason ?? ''}`)
          .join('; ')}`,
      );
    }
    await wait(50);
  }
}
