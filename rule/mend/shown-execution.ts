import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import { clientConfig, type Session } from '../sources/aws/clients.ts';

/** An execution of a runbook, as Systems Manager shows the execution. */
export interface ShownExecution {
  readonly status: string;
  readonly document: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly ShownStep[];
}

interface ShownStep {
  readonly action: string;
  readonly status: string;
  /** The principals that the step asks for approval; empty for other steps. */
  readonly approvers: readonly string[];
}

export interface ExecutionViewOptions {
  readonly region: string;
  /** Undefined for the SDK's default credentials. */
  readonly credentials: Session | undefined;
}

/**
 * Looks at executions in an account. Rejects for an execution that Systems Manager does not know.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetAutomationExecution.html
 */
export function executionView({
  region,
  credentials,
}: ExecutionViewOptions): (id: string) => Promise<ShownExecution> {
  const client = new SSMClient({ ...clientConfig, region, ...(credentials && { credentials }) });
  return async (id) => {
    const command = new GetAutomationExecutionCommand({ AutomationExecutionId: id });
    const { AutomationExecution: execution } = await client.send(command);
    return {
      status: execution?.AutomationExecutionStatus ?? '',
      document: execution?.DocumentName ?? '',
      parameters: execution?.Parameters ?? {},
      steps: (execution?.StepExecutions ?? []).map(
        ({ Action = '', StepStatus = '', Inputs = {} }) => ({
          action: Action,
          status: StepStatus,
          approvers: approversIn(Inputs),
        }),
      ),
    };
  };
}

/**
 * Systems Manager shows the resolved inputs of a step. AWS's samples show values as JSON; a list in another form counts
 * too, because each name in it has to be an approver of the deployment.
 */
function approversIn({ Approvers = '[]' }: Readonly<Record<string, string>>): readonly string[] {
  const read = v.safeParse(approversInput, Approvers);
  if (read.success) return read.output;
  return Approvers.replace(/^\[|\]$/g, '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

const approversInput = v.pipe(v.string(), v.parseJson(), v.array(v.string()));
