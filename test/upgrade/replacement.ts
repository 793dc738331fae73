import type { Resource, Template } from './templates.ts';

/** The properties that name a resource for others, and the other properties whose change replaces the resource. */
interface Replacing {
  readonly name?: string;
  readonly others?: readonly string[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference, "Update requires: Replacement". */
const table: Readonly<Record<string, Replacing>> = {
  'AWS::CloudFormation::LambdaHook': { name: 'Alias' },
  'AWS::CloudFormation::StackSet': { name: 'StackSetName', others: ['PermissionModel'] },
  'AWS::CloudWatch::Alarm': { name: 'AlarmName' },
  'AWS::CloudWatch::Dashboard': { name: 'DashboardName' },
  'AWS::Config::ConfigRule': { name: 'ConfigRuleName' },
  'AWS::Config::ConfigurationAggregator': { name: 'ConfigurationAggregatorName' },
  'AWS::Config::ConformancePack': { name: 'ConformancePackName' },
  'AWS::Config::RemediationConfiguration': { name: 'ConfigRuleName' },
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    others: ['AttributeDefinitions', 'ImportSourceSpecification', 'KeySchema'],
  },
  'AWS::Events::EventBus': { name: 'Name' },
  'AWS::Events::Rule': { name: 'Name', others: ['EventBusName'] },
  'AWS::IAM::Role': { name: 'RoleName', others: ['Path'] },
  'AWS::Lambda::EventInvokeConfig': { others: ['FunctionName', 'Qualifier'] },
  'AWS::Lambda::EventSourceMapping': { others: ['EventSourceArn', 'StartingPosition'] },
  'AWS::Lambda::Function': { name: 'FunctionName', others: ['PackageType', 'TenancyConfig'] },
  'AWS::Lambda::Permission': {
    others: ['Action', 'FunctionName', 'Principal', 'PrincipalOrgID', 'SourceAccount', 'SourceArn'],
  },
  'AWS::Lambda::ResourcePolicy': { others: ['ResourceArn'] },
  'AWS::Logs::LogGroup': { name: 'LogGroupName' },
  'AWS::SQS::Queue': { name: 'QueueName', others: ['FifoQueue'] },
  'AWS::SQS::QueuePolicy': {},
  // The content is replaced in place where UpdateMethod is NewVersion.
  'AWS::SSM::Document': {
    name: 'Name',
    others: ['DocumentType', 'DocumentFormat', 'UpdateMethod'],
  },
  'AWS::SecurityHub::AutomationRule': {},
};

function replacing({ Type }: Resource): Replacing {
  const found = table[Type];
  if (found === undefined) throw new Error(`name the properties that replace ${Type}`);
  return found;
}

/** CloudFormation compares values: the app names the Region that templates once referred to. */
const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(inHome(one)) === JSON.stringify(inHome(other));

function inHome(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inHome);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': join } = value as Readonly<Record<string, unknown>>;
  if (Ref === 'AWS::Region') return 'us-east-1';
  if (join === undefined)
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, inHome(of)]));
  const [by, parts] = inHome(join) as readonly [string, readonly unknown[]];
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(by);
}

/** An update: the template before, and the template now. */
interface Update {
  readonly before: Template;
  readonly now: Template;
}

/** Why an update removes a resource or makes a resource anew; undefined where it does not. */
function lossOf(id: string, { before, now }: Update): string | undefined {
  const resource = before.Resources[id];
  const next = now.Resources[id];
  if (resource === undefined || next?.Type !== resource.Type) return 'removed';
  const { name, others = [] } = replacing(resource);
  const changed = [...(name === undefined ? [] : [name]), ...others].filter(
    (property) => !same(resource.Properties?.[property], next.Properties?.[property]),
  );
  return changed.length === 0 ? undefined : `other ${changed.join(', ')}`;
}

/** What an update removes or makes anew, as `TYPE ID: WHY`. */
export const lostIn = (update: Update): readonly string[] =>
  Object.entries(update.before.Resources).flatMap(([id, { Type }]) => {
    const loss = lossOf(id, update);
    return loss === undefined ? [] : [`${Type} ${withoutHash(id)}: ${loss}`];
  });

/**
 * The fixed names that two resources have during an update: CloudFormation makes a resource before it removes the resource
 * with the same name, and fails.
 */
export const collisionsIn = (update: Update): readonly string[] =>
  Object.entries(update.now.Resources).flatMap(([id, resource]) => {
    const { name } = replacing(resource);
    const given = name === undefined ? undefined : resource.Properties?.[name];
    if (name === undefined || given === undefined) return [];
    return Object.entries(update.before.Resources)
      .filter(
        ([, { Type, Properties }]) => Type === resource.Type && same(Properties?.[name], given),
      )
      .filter(([other]) => other !== id || lossOf(id, update) !== undefined)
      .map(([other]) => `${resource.Type} ${JSON.stringify(given)}: ${other} and ${id}`);
  });

/** Types with something that a new resource would not have. */
const withState = [
  'AWS::CloudFormation::StackSet',
  'AWS::Config::ConfigRule',
  'AWS::Config::ConfigurationAggregator',
  'AWS::Config::ConformancePack',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
  'AWS::SSM::Document',
];

/** The resources that hold state. */
export const statefulIn = ({ Resources }: Template): readonly string[] =>
  Object.entries(Resources)
    .filter(([, { Type }]) => withState.includes(Type))
    .map(([id, { Type }]) => `${Type} ${withoutHash(id)}`);

const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');
