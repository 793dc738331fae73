import { refusal, type Operation, type Tree } from './aws-stand-in.ts';

/** An execution, in the words of GetAutomationExecution. */
export interface ShownAutomation {
  readonly AutomationExecutionId: string;
  readonly DocumentName: string;
  readonly DocumentVersion: string;
  readonly AutomationExecutionStatus: string;
  readonly Parameters: Readonly<Record<string, readonly string[]>>;
  readonly StepExecutions: readonly ShownAutomationStep[];
}

export interface ShownAutomationStep {
  readonly StepName: string;
  readonly Action: string;
  readonly StepStatus: string;
  /** Each as JSON. */
  readonly Inputs?: Readonly<Record<string, string>>;
}

/** The executions of an account, which whoever runs them keeps as they are now. */
export interface Automations {
  readonly executions: Map<string, ShownAutomation>;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetAutomationExecution.html */
export function automations(): Automations {
  const executions = new Map<string, ShownAutomation>();
  return {
    executions,
    operations: {
      GetAutomationExecution({ input }) {
        const found = executions.get(String(input.AutomationExecutionId));
        if (found === undefined)
          return refusal(
            'AutomationExecutionNotFoundException',
            'There is no automation execution information for the requested ID.',
          );
        return { output: { AutomationExecution: found as unknown as Tree } };
      },
    },
  };
}
