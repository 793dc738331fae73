import type { AddressStep } from './address.ts';
import { keysMeant, openCandidate, type PlanCandidate, type Following } from './candidate.ts';
import { callFrame, keysOfModule, moduleOf, type ModuleFrame } from './configuration.ts';
import { objectOf, valueAt } from './json-path.ts';

/** A variable of the root module is known; another variable is an argument of the module's call. */
export function followVariable(
  name: string,
  members: readonly string[],
  { frame, followExpression }: Following,
): readonly PlanCandidate[] {
  const defaultValue = valueAt(moduleOf(frame.plan, frame.modules).variables, [name, 'default']);
  const call = callFrame(frame);
  if (call === undefined) {
    const given = objectOf(frame.plan.variables[name]).value ?? defaultValue;
    return [{ kind: 'value', value: valueAt(given, members) }];
  }
  const given = call.args[name];
  return given === undefined
    ? [{ kind: 'value', value: valueAt(defaultValue, members) }]
    : followExpression(objectOf(given), members, call.frame);
}

/** An output of a module, or all outputs where the reference does not name one. */
export function followModule(
  called: AddressStep | undefined,
  [output, ...members]: readonly string[],
  following: Following,
): readonly PlanCandidate[] {
  const { plan, modules } = following.frame;
  const name = called?.name ?? '';
  const { outputs } = moduleOf(plan, [...modules, { name, key: undefined }]);
  const all = keysOfModule(plan, modules, name);
  const keys = called?.key !== undefined ? [called.key] : keysMeant(all, following);
  const names = output === undefined ? Object.keys(objectOf(outputs)) : [output];
  if (names.length === 0) return [openCandidate(`module.${name}`)];
  return (keys.length === 0 ? [undefined] : keys).flatMap((key) => {
    const inner: ModuleFrame = {
      plan,
      modules: [...modules, { name, key }],
      key: undefined,
      keys: () => [],
      forEach: undefined,
    };
    return names.flatMap((each) => {
      const expression = valueAt(outputs, [each, 'expression']);
      if (expression === undefined) return [openCandidate(`module.${name}.${each}`)];
      return following.followExpression(objectOf(expression), members, inner);
    });
  });
}
