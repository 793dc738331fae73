import { CfnLambdaHook, Duration, Stack } from 'aws-cdk-lib';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, type Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { GateEnvironment } from '../../rule/gate/environment.ts';
import type { Options } from '../options/options.ts';
import { liveIn, logsOf, nodeFunction, writeLogs } from '../rule/node-function.ts';
import { readDependencies } from '../rule/read-permissions.ts';
import { aliasPart } from '../options/hook.ts';
import { ownRoleName, writtenRole } from '../rule/written-role.ts';
import { readStacks } from './stack-permissions.ts';

export interface GateProps {
  readonly options: Options;
  /** Failing deployments that block flow logs, or warning of these. */
  readonly mode: 'warn' | 'fail';
  /** The folder with the built function. */
  readonly code: string;
}

/** A Lambda hook waits 30 seconds, the start of the function included. */
const LIMIT = Duration.seconds(28);

/** A hook of CloudFormation, with the function that judges templates before their deployment. */
export class Gate extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, { options, mode, code }: GateProps) {
    super(scope, id);
    const { ruleName, parameters } = options;
    const logs = logsOf(this, options);
    this.function = nodeFunction(this, {
      options,
      // A whole processor: large templates are judged without any wait.
      memorySize: 1769,
      description: 'Judges VPC flow logs in templates before CloudFormation deploys them',
      code: Code.fromAsset(code),
      timeout: LIMIT,
      logGroup: logs,
      role: this.role(options, logs),
      environment: {
        POWERTOOLS_SERVICE_NAME: ruleName,
        RULE_PARAMETERS: JSON.stringify(parameters),
        OWN_STACK_ID: Stack.of(this).stackId,
      } satisfies GateEnvironment,
    });
    this.hook(options, mode);
  }

  private role(options: Options, logs: LogGroup): IRole {
    const stack = Stack.of(this);
    const role = writtenRole(this, {
      roleName: ownRoleName(this, options, 'gate'),
      description: 'Reads what the flow logs of a template depend on, and writes nothing',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Judge',
      permissions: [
        ...readDependencies(stack, options.parameters),
        ...readStacks(stack),
        writeLogs(logs.logGroupArn),
        ...liveIn(this, options, { services: ['logs'] }),
      ],
      options,
    });
    // CDK would add broader statements.
    return role.withoutPolicyUpdates();
  }

  /**
   * Change sets and stacks; templates of single resources would not show the key of a bucket. The own stack, and
   * the stack around a nested stack, are left out: the function may not exist yet, or not any more.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-lambdahook.html
   */
  private hook(options: Options, mode: GateProps['mode']): void {
    const stack = Stack.of(this);
    const invoker = writtenRole(new Construct(this, 'Hook'), {
      roleName: ownRoleName(this, options, 'hook'),
      description: 'Invokes the function of the hook',
      // https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-prepare-to-create-hook.html
      assumedBy: new ServicePrincipal('hooks.cloudformation.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      policy: 'Invoke',
      permissions: [
        {
          sid: 'InvokeGate',
          actions: ['lambda:InvokeFunction'],
          resources: [this.function.functionArn],
        },
      ],
      options,
    });
    const hook = new CfnLambdaHook(this, 'LambdaHook', {
      alias: aliasOf(options.ruleName),
      executionRole: invoker.roleArn,
      failureMode: mode === 'fail' ? 'FAIL' : 'WARN',
      hookStatus: 'ENABLED',
      lambdaFunction: this.function.functionArn,
      targetOperations: ['CHANGE_SET', 'STACK'],
      stackFilters: {
        filteringCriteria: 'ALL',
        stackNames: { exclude: [...new Set([stack.stackName, rootOf(stack).stackName])] },
      },
    });
    // CDK's type wants `Targets`, which CloudFormation takes in place of `Actions`. Change sets have CREATE only.
    hook.addPropertyOverride('TargetFilters', { Actions: ['CREATE', 'UPDATE'] });
  }
}

/** The stack that somebody deploys: a nested stack is a part of another stack. */
const rootOf = (stack: Stack): Stack =>
  stack.nestedStackParent === undefined ? stack : rootOf(stack.nestedStackParent);

const aliasOf = (ruleName: string): string => `FlowLogKey::Delivery::${aliasPart(ruleName)}`;
