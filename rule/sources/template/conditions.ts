import { ImpossibleWorld } from '../../model/world.ts';
import { openAnswer } from '../planned/open-values.ts';
import { textOf, type Scope } from './scope.ts';
import { membersOf } from './template.ts';

/** Whether a condition of the template holds. */
export function conditionHolds(name: string, scope: Scope): boolean {
  const { conditions, file } = scope.stack.template;
  if (!Object.hasOwn(conditions, name))
    throw new ImpossibleWorld(`${file} refers to condition ${name}, and has no such condition`);
  return scope.lookUp(`condition ${name}`, () => holds(conditions[name], name, scope));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
function holds(value: unknown, name: string, scope: Scope): boolean {
  const [[operator, operand] = ['', undefined]] = Object.entries(membersOf(value));
  const operands: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const isHeld = (each: unknown): boolean => holds(each, name, scope);
  switch (operator) {
    case 'Condition':
      return conditionHolds(String(operand), scope);
    case 'Fn::Not':
      return !isHeld(operands[0]);
    case 'Fn::And':
      return operands.every(isHeld);
    case 'Fn::Or':
      return operands.some(isHeld);
    case 'Fn::Equals':
      return areEqual(operands, name, scope);
    default:
      throw new ImpossibleWorld(
        `condition ${name} has ${operator || 'no operator'}, which is not known`,
      );
  }
}

/** Open values may be equal to a text that they are compared with: that is an open answer of its own. */
function areEqual(operands: readonly unknown[], name: string, scope: Scope): boolean {
  const [left = '', right = ''] = operands.map((each) => textOf(each, scope));
  if (left === right) return true;
  scope.world.note(left);
  scope.world.note(right);
  const { madeUp } = scope.deployment;
  const open = madeUp.openIn(left) ?? madeUp.openIn(right);
  if (open === undefined) return false;
  const { label, settledBy } = open;
  const id = `equal ${[left, right].sort().join(' ')}`;
  const answer = openAnswer(id, { name: `condition ${name} (${label})`, settledBy });
  return scope.world.valueOf(answer) === 'true';
}
