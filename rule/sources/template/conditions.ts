import { BrokenTemplate } from '../../model/world.ts';
import { areSame, type StackScope } from './scope.ts';
import { JUDGE_DEPLOYED, leavesAsWritten, MACRO } from './macros.ts';
import { membersOf, scalarText } from './members.ts';

/** Whether a condition of the template holds. */
export function conditionHolds(name: string, scope: StackScope): boolean {
  const { conditions, file, transforms } = scope.stack.template;
  if (!Object.hasOwn(conditions, name)) {
    if (MACRO in conditions || !transforms.every(leavesAsWritten))
      return openCondition(name, scope);
    throw new BrokenTemplate(`${file} refers to condition ${name}, and has no such condition`);
  }
  return scope.lookUp(`condition ${name}`, () => holds(conditions[name], name, scope));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
function holds(value: unknown, name: string, scope: StackScope): boolean {
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
      return areEqual(operands, scope);
    case MACRO:
      return openCondition(name, scope);
    default:
      throw new BrokenTemplate(
        `condition ${name} has ${operator || 'no operator'}, which is not known`,
      );
  }
}

/** Whether a condition holds that a macro writes: each answer is tried. */
const openCondition = (name: string, scope: StackScope): boolean =>
  areSame(scope.deployment.madeUp.anything(`condition ${name}`, JUDGE_DEPLOYED), 'true', scope);

function areEqual(operands: readonly unknown[], scope: StackScope): boolean {
  const [left = '', right = ''] = operands.map((each) => scalarText(scope.resolve(each)));
  return areSame(left, right, scope);
}
