import {
  isUnknown,
  learned,
  notAsked,
  unknown,
  type Destination,
  type Facts,
  type FlowLog,
} from '../../model/facts.ts';
import { keyBehind } from '../../model/key-reference.ts';
import { BrokenTemplate, type PlannedFlowLog } from '../../model/world.ts';
import { furtherFacts } from '../planned/existing-facts.ts';
import { writtenDestination } from '../planned/facts.ts';
import { bucketNamed } from './buckets.ts';
import { keyWithArn } from './keys.ts';
import { JUDGE_DEPLOYED, leavesAsWritten } from './macros.ts';
import { scopeOf } from './resolve.ts';
import { isMade } from './resources.ts';
import {
  besideOf,
  isTrue,
  newNotes,
  placeOf,
  resolvedText,
  type Notes,
  type StackScope,
} from './scope.ts';
import type { Deployment, Stack } from './stack.ts';
import { type Resource } from './template.ts';
import { type Members, membersOf } from './members.ts';

/** The facts in each world about a resource of type AWS::EC2::FlowLog. */
export const factsOfFlowLog =
  (
    { id, resource }: { readonly id: string; readonly resource: Resource },
    stack: Stack,
    deployment: Deployment,
  ): PlannedFlowLog['factsIn'] =>
  (world) => {
    const notes = newNotes();
    const scope = scopeOf(stack, world, { deployment, notes });
    if (!isMade(resource, scope)) return undefined;
    const flowLog = resource.isRewritten
      ? {
          ...flowLogOf(id, {}, scope),
          destination: unknown(`flow log ${id} is written by Fn::Transform`, JUDGE_DEPLOYED),
        }
      : flowLogOf(id, resource.properties, scope);
    const facts = factsOf(flowLog, scope);
    return {
      facts,
      doubt: doubtAboutMacros(notes),
      remarks: remarksIn(notes),
      further: furtherFacts(besideOf(scope)),
    };
  };

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-flowlog.html */
function flowLogOf(id: string, properties: Members, scope: StackScope): FlowLog {
  const options = destinationOptions(properties, scope);
  return {
    id,
    ...placeOf(scope),
    resourceId: typeof properties.ResourceId === 'string' ? properties.ResourceId : '',
    destination: destinationOf(id, properties, scope),
    tags: tagsOf(properties.Tags),
    hivePrefixes:
      isTrue(options.HiveCompatiblePartitions ?? options.hiveCompatiblePartitions, scope) ?? false,
    observed: { status: undefined, error: undefined },
  };
}

/** A property of type Json may be text of JSON too. The options of an open text are open. */
function destinationOptions({ DestinationOptions }: Members, scope: StackScope): Members {
  const options = scope.resolve(DestinationOptions);
  if (typeof options !== 'string') return membersOf(options);
  try {
    return membersOf(JSON.parse(options));
  } catch {
    const { madeUp } = scope.deployment;
    const open = madeUp.openIn(options);
    if (open === undefined)
      throw new BrokenTemplate('DestinationOptions is neither an object nor JSON');
    const label = `HiveCompatiblePartitions in ${open.label}`;
    return { HiveCompatiblePartitions: madeUp.anything(label, open.settledBy) };
  }
}

function destinationOf(id: string, properties: Members, scope: StackScope): Destination {
  const type = resolvedText(properties.LogDestinationType, scope);
  const destination = resolvedText(properties.LogDestination, scope);
  const logGroupName = resolvedText(properties.LogGroupName, scope);
  const read = writtenDestination({
    flowLogId: id,
    type: type ?? 'cloud-watch-logs',
    destination,
    logGroupName,
  });
  const open = isUnknown(read)
    ? scope.deployment.madeUp.openIn(`${type} ${destination}`)
    : undefined;
  return open === undefined
    ? read
    : unknown(`destination of flow log ${id} depends on ${open.label}`, open.settledBy);
}

/** Tags of plain texts: others are open, and open no world. */
function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  const pairs = [tags ?? []].flat().map(membersOf);
  return Object.fromEntries(
    pairs.flatMap(({ Key, Value }) =>
      typeof Key === 'string' && typeof Value === 'string' ? [[Key, Value]] : [],
    ),
  );
}

function factsOf(flowLog: FlowLog, scope: StackScope): Facts {
  const { destination, partition } = flowLog;
  if (destination.kind !== 's3') return { flowLog, bucket: notAsked, key: notAsked };
  const bucket = bucketNamed(destination.bucket, scope);
  const key = keyBehind(learned(bucket), partition, (arn) => keyWithArn(arn, scope));
  return { flowLog, bucket, key };
}

/** A macro may rewrite every resource of its template. */
function doubtAboutMacros({ stacks }: Notes): string | undefined {
  const macro = [...stacks]
    .flatMap(({ template }) => template.transforms)
    .find((name) => !leavesAsWritten(name));
  return macro === undefined ? undefined : `macro ${macro} may rewrite the template`;
}

function remarksIn({ defaults, stored }: Notes): readonly string[] {
  const [shown, more] = [[...defaults].slice(0, MAX_DEFAULTS), defaults.size - MAX_DEFAULTS];
  const rest = more > 0 ? [`and ${more} more parameters as their defaults`] : [];
  return [...shown, ...rest, ...stored];
}

const MAX_DEFAULTS = 3;
