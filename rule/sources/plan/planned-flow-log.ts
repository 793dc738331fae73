import {
  learned,
  notAsked,
  unknown,
  type Destination,
  type Facts,
  type FlowLog,
} from '../../model/facts.ts';
import { keyBehind } from '../../model/key-reference.ts';
import type { Open, PlannedFlowLog } from '../../model/world.ts';
import { furtherFacts } from '../planned/existing-facts.ts';
import { writtenDestination } from '../planned/facts.ts';
import { bucketByName } from './find-bucket.ts';
import type { Instance, Plan } from './instances.ts';
import { isMarked, objectOf, filledText, valueAt } from './json-path.ts';
import { chosenIn, NOT_IN_PLAN, textOfCandidate } from './names.ts';
import { keyOfPlan } from './planned-key.ts';
import { candidatesAt } from './references.ts';
import { besidePlans, worldPlaceOf, type PlanWorld, type Universe } from './universe.ts';

/** The facts in each world about a resource of type aws_flow_log. */
export const factsOfPlanned =
  (instance: Instance, universe: Universe): PlannedFlowLog['factsIn'] =>
  (world) => {
    const planWorld = { universe, world };
    const flowLog = flowLogIn(instance, planWorld);
    const doubt = instance.plan.isErrored
      ? `planning ended with an error, so that ${instance.plan.file} may lack resources`
      : undefined;
    return {
      facts: factsAbout(flowLog, instance.plan, planWorld),
      doubt,
      remarks: [],
      further: furtherFacts(besidePlans(planWorld)),
    };
  };

/**
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/flow_log
 * https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/ec2_flow_log
 */
function flowLogIn(instance: Instance, planWorld: PlanWorld): FlowLog {
  const { values } = instance;
  const options = ['destination_options', ...(instance.type.startsWith('awscc_') ? [] : [0])];
  const hive = [...options, 'hive_compatible_partitions'];
  const isHive = valueAt(values, hive);
  return {
    id: planWorld.universe.labelOf(instance),
    ...worldPlaceOf(instance, planWorld),
    resourceId: resourceIdIn(instance),
    destination: plannedDestination(instance, planWorld),
    tags: plannedTags(instance),
    hivePrefixes: isMarked(instance.unknown, hive) ? undefined : isHive === true,
    observed: { status: undefined, error: undefined },
  };
}

/** The provider aws has tags by name, and awscc a list of tags. */
function plannedTags({ values: { tags, tags_all: all } }: Instance): FlowLog['tags'] {
  const pairs = Array.isArray(tags)
    ? tags.map(objectOf).map(({ key, value }) => [String(key), value] as const)
    : Object.entries(objectOf(all ?? tags));
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
}

const resourceIdIn = ({ values }: Instance): string =>
  [
    values.vpc_id,
    values.subnet_id,
    values.eni_id,
    values.transit_gateway_attachment_id,
    values.transit_gateway_id,
    values.regional_nat_gateway_id,
    values.resource_id,
  ]
    .map(filledText)
    .find((each) => each !== undefined) ?? '';

function plannedDestination(instance: Instance, planWorld: PlanWorld): Destination {
  const { universe, world } = planWorld;
  const id = universe.labelOf(instance);
  const { values, plan } = instance;
  if (plan.deferred.includes(instance))
    return unknown(`flow log ${id} is left to another plan`, 'judge that plan');
  if (values.log_destination_type === undefined)
    return unknown(`destination of flow log ${id} is known after apply`, NOT_IN_PLAN);
  const type = filledText(values.log_destination_type);
  const logGroupName = filledText(values.log_group_name);
  const candidates = candidatesAt(instance, ['log_destination']);
  const read = (destination: string | undefined): Destination =>
    writtenDestination({ flowLogId: id, type, destination, logGroupName });
  const [first] = candidates;
  if (first?.kind === 'value' && first.value !== undefined) return read(filledText(first.value));
  if (type !== undefined && type !== 's3') return read(undefined);
  const chosen = chosenIn(candidates, `log_destination of ${id}`, planWorld);
  if (chosen.kind !== 'attribute' || chosen.instance.type !== 'aws_s3_bucket')
    return unknown(
      `destination of flow log ${id} depends on ${chosen.kind === 'open' ? chosen.name : 'an expression'}`,
      NOT_IN_PLAN,
    );
  const arn = textOfCandidate({ ...chosen, attribute: 'arn' }, planWorld);
  const folder = world.valueOf(folderOf(id, universe));
  return read(folder === '' ? arn : `${arn}/${folder}`);
}

/** An expression may put a folder behind the bucket, and a plan names the bucket only. */
const folderOf = (id: string, { madeUp }: Universe): Open => ({
  kind: 'other',
  id: `folder ${id}`,
  name: `the folder of ${id}`,
  settledBy: NOT_IN_PLAN,
  candidates: ({ literals }) => [
    ...new Set(['', madeUp.nameOf(`folder of ${id}`), ...[...literals].flatMap(foldersIn)]),
  ],
  inWords: (value) => (value === '' ? 'without a folder' : 'with a folder'),
});

/** The folders that a literal may tell apart: of ARNs of objects. */
function foldersIn(literal: string): readonly string[] {
  const [, path = ''] = /^arn:[^:]*:s3:::[^/]*\/(.*)$/.exec(literal) ?? [];
  const folder = path.replace(/\/?(AWSLogs.*)?$/, '').replace(/\/?[^/]*[*?$].*$/, '');
  return folder === '' ? [] : [folder];
}

function factsAbout(flowLog: FlowLog, plan: Plan, planWorld: PlanWorld): Facts {
  const { destination, partition } = flowLog;
  if (destination.kind !== 's3') return { flowLog, bucket: notAsked, key: notAsked };
  const bucket = bucketByName({ name: destination.bucket, partition }, plan, planWorld);
  const key = keyBehind(learned(bucket), partition, (arn) => keyOfPlan(arn, plan, planWorld));
  return { flowLog, bucket, key };
}
