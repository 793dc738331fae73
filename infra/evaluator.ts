import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnPermission, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Options } from './options.ts';
import { permissionsOf } from './permissions.ts';

export interface EvaluatorProps {
  readonly options: Options;
  /** The folder with the built evaluator. */
  readonly code: string;
}

/** The function that AWS Config asks, its role written out to the action, its logs and its dead letters. */
export class Evaluator extends Construct {
  readonly function: Function;
  readonly deadLetters: Queue;
  readonly logs: LogGroup;
  /** That AWS Config may invoke the function; a rule has to wait for it. */
  readonly permission: CfnPermission;

  constructor(scope: Construct, id: string, { options, code }: EvaluatorProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.logs = new LogGroup(this, 'Logs', {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- options has read it
      retention: options.logRetentionDays as RetentionDays,
    });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const role = this.role(options);
    this.function = new Function(this, 'Function', {
      description: 'Judges whether AWS can deliver VPC flow logs into KMS-encrypted buckets',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      // It mostly waits for AWS; less memory means less processor, and a longer cold start.
      memorySize: 512,
      // A thousand flow logs take seconds. Where KMS throttles, the SDK slows down, and this is its patience.
      timeout: Duration.minutes(10),
      // AWS Config does not wait for an answer: what fails twice more is a dead letter.
      retryAttempts: 2,
      deadLetterQueue: this.deadLetters,
      logGroup: this.logs,
      // CDK would add broader statements than those that are written out.
      role: role.withoutPolicyUpdates(),
      environment: {
        POWERTOOLS_SERVICE_NAME: options.ruleName,
        ...(options.detailedFindings ? { DETAILED_FINDINGS: 'true' } : {}),
      },
    });
    this.permission = new CfnPermission(this, 'AskedByConfig', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'config.amazonaws.com',
      sourceAccount: stack.account,
      // The very rule's ARN exists only after the function, and rules of packs have names of their own.
      sourceArn: stack.formatArn({ service: 'config', resource: 'config-rule', resourceName: '*' }),
    });
  }

  private role({ permissionsBoundaryArn, parameters, detailedFindings }: Options): Role {
    const permissions = permissionsOf({
      stack: Stack.of(this),
      logGroupArn: this.logs.logGroupArn,
      deadLettersArn: this.deadLetters.queueArn,
      bucketPolicies: parameters.AlsoCheck?.includes('bucket-policy') ?? false,
      detailedFindings,
    });
    const role = new Role(this, 'Role', {
      description: 'Reads flow logs, bucket encryption and key policies; reports to AWS Config',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(permissionsBoundaryArn === undefined
        ? {}
        : {
            permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(
              this,
              'Boundary',
              permissionsBoundaryArn,
            ),
          }),
      inlinePolicies: {
        Evaluate: new PolicyDocument({
          statements: permissions.map(
            ({ sid, actions, resources }) =>
              new PolicyStatement({ sid, actions: [...actions], resources: [...resources] }),
          ),
        }),
      },
    });
    for (const { resources, why } of permissions)
      for (const resource of resources) {
        if (why === undefined) continue;
        const written = Stack.of(this).resolve(resource) as unknown;
        Validations.of(role).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${nagWords(written)}]`,
          reason: why,
        });
      }
    return role;
  }
}

/** A resource as cdk-nag writes it: references in angle brackets. */
function nagWords(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const joined = resource as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  const [by, parts] = joined['Fn::Join'];
  const words = parts.map((part) =>
    typeof part === 'string' ? part : `<${(part as { readonly Ref: string }).Ref}>`,
  );
  return words.join(by);
}
