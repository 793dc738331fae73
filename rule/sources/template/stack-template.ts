import type { Problem } from '../../model/problem.ts';
import type { Existing } from '../../model/existing.ts';
import type { PlannedInput } from '../planned/input.ts';
import { parseTemplate } from './files.ts';
import { OpenLoop } from './for-each.ts';
import { isNameOfValue } from './parameters.ts';
import { plannedFlowLogs } from './source.ts';
import { deploymentOf } from './stacks.ts';
import type { Given } from './known-list.ts';
import { membersOf, type Members } from './members.ts';
import { templateIn, type Template } from './template.ts';

/** A parameter of a stack, as CloudFormation tells. */
export interface StackParameter {
  readonly name: string;
  readonly value: string | undefined;
  /** The value behind the name of a parameter in Systems Manager. */
  readonly resolved?: string | undefined;
}

/** A stack whose template CloudFormation is about to deploy. */
export interface StackToDeploy {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The parameters as far as CloudFormation tells; all others are open, because their defaults may not be deployed. */
  readonly parameters: readonly StackParameter[];
  /** The account of the stack, for things that the template names and does not contain. */
  readonly existing?: Existing | undefined;
}

/**
 * Reads the template of one stack, without the templates of nested stacks. A loop over a list that is not told is a problem. Throws an
 * Error with the place of a mistake.
 */
export function readStackTemplate(text: string, stack: StackToDeploy): PlannedInput {
  const { name, account, region, existing } = stack;
  const { content, ...file } = parseTemplate(text);
  const { Parameters, ...others } = membersOf(content);
  const parameters = Object.entries(membersOf(Parameters)).map(
    ([each, value]): [string, Members] => [each, membersOf(value)],
  );
  const given = valuesOf(parameters, stack);
  const open = parameters.map(([each, members]) => [each, { ...members, Default: undefined }]);
  const known = { ...others, Parameters: Object.fromEntries(open) as Members };
  const problems: Problem[] = [];
  const read = (): Template | undefined => {
    try {
      return templateIn(name, { ...file, content: known }, given);
    } catch (error) {
      if (!(error instanceof OpenLoop)) throw error;
      problems.push({ file: name, item: null, message: error.message });
      return undefined;
    }
  };
  const template = read();
  const roots = template === undefined ? [] : [{ template, name, stackName: name }];
  const nested = (): undefined => undefined;
  const deployment = deploymentOf({ roots, nested, given, account, region, existing, text });
  return {
    flowLogs: plannedFlowLogs(deployment, () => new Map()),
    lineOf: () => null,
    madeUp: deployment.madeUp,
    language: file.language === 'yaml' ? 'cloudformation' : 'json',
    problems,
    remarks: [],
  };
}

/** The text in the place of a value with `NoEcho`: also where the template so far has `NoEcho`, and this template has not. */
const HIDDEN = '****';

/** The values to deploy, without hidden values. */
function valuesOf(
  parameters: readonly (readonly [string, Members])[],
  stack: Pick<StackToDeploy, 'parameters'>,
): Given {
  const told = new Map(stack.parameters.map((each) => [each.name, each]));
  const values = parameters.flatMap(([name, members]) => {
    const { value, resolved } = told.get(name) ?? {};
    const shown = isNameOfValue(members) ? resolved : value;
    return shown === undefined || shown === HIDDEN || members.NoEcho !== undefined
      ? []
      : [[name, shown] as const];
  });
  return Object.fromEntries(values);
}
