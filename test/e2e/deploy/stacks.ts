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
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { region } from '../organization-world.ts';
import { rootOf, type Cloud } from './ministack.ts';
import { valuesOf } from './values.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
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

/** CloudFormation takes a longer text from S3 only. */
const LONGEST_TEMPLATE = 51_200;

const inputOf = async (place: Place, { name, template, parameters = {} }: Stack) => ({
  StackName: name,
  ...(await textOf(place, { name, template })),
  Capabilities: ['CAPABILITY_NAMED_IAM' satisfies Capability] as Capability[],
  Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]): Parameter => ({
    ParameterKey,
    ParameterValue,
  })),
});

async function textOf(place: Place, { name, template }: Stack): Promise<object> {
  const TemplateBody = JSON.stringify(template);
  if (TemplateBody.length <= LONGEST_TEMPLATE) return { TemplateBody };
  const Bucket = `templates-${place.accountId}`;
  await put(place, { Bucket, Key: name }, Buffer.from(TemplateBody));
  return { TemplateURL: `${place.cloud.endpoint}/${Bucket}/${name}` };
}

/** Puts an object into a bucket, and makes the bucket. */
export async function put(
  { cloud, accountId, where }: Place,
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
  Body: Buffer,
): Promise<void> {
  const s3 = new S3Client(rootOf(cloud, accountId, where));
  await s3.send(new CreateBucketCommand({ Bucket })).catch((error: unknown) => {
    if ((error as Error).name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

/** The types that ministack refuses in a template, which then makes no stack. */
export async function refusedTypes(place: Place, stack: Stack): Promise<readonly string[]> {
  const name = 'refused';
  try {
    await clientOf(place).send(new CreateStackCommand(await inputOf(place, { ...stack, name })));
  } catch (error) {
    const [, types = ''] = /Unrecognized resource types: \[(.*?)\]/.exec(String(error)) ?? [];
    if (types !== '') return types.split(', ').sort();
    throw error;
  }
  await removeStack(place, name);
  return [];
}

/** What references of a template become: physical ids of resources, parameters, and whether conditions hold. */
export type Ids = Readonly<Record<string, string>>;

export async function createStack(place: Place, stack: Stack): Promise<Ids> {
  await clientOf(place).send(new CreateStackCommand(await inputOf(place, stack)));
  await ended(place, stack.name, 'CREATE_COMPLETE');
  return idsOf(place, stack);
}

export async function updateStack(place: Place, stack: Stack): Promise<Ids> {
  await clientOf(place).send(new UpdateStackCommand(await inputOf(place, stack)));
  await ended(place, stack.name, 'UPDATE_COMPLETE');
  return idsOf(place, stack);
}

async function idsOf(place: Place, stack: Stack): Promise<Ids> {
  const command = new DescribeStackResourcesCommand({ StackName: stack.name });
  const { StackResources = [] } = await clientOf(place).send(command);
  const { accountId, where = region } = place;
  return {
    'AWS::Partition': 'aws',
    'AWS::Region': where,
    'AWS::AccountId': accountId,
    ...valuesOf(stack, where),
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
