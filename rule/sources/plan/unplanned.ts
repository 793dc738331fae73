import type { Problem } from '../../model/problem.ts';
import { isFlowLogType, type Plan } from './instances.ts';
import { listAt, objectOf, type PlanObject } from './json-path.ts';

/** Flow logs of the configuration that a plan does not reach because of an error. */
export function unplannedFlowLogs({
  file,
  isErrored,
  configuration,
  instances,
}: Plan): readonly Problem[] {
  if (!isErrored || configuration === undefined) return [];
  const planned = [...instances.values()];
  const isPlanned = ({ type, name, modules }: FlowLogBlock): boolean =>
    planned.some(
      (each) =>
        each.type === type &&
        each.name === name &&
        each.modules.map((step) => step.name).join('.') === modules.join('.'),
    );
  return flowLogBlocks(configuration, [])
    .filter((block) => !isPlanned(block))
    .map(({ modules, type, name }) => ({
      file,
      item: [...modules.map((each) => `module.${each}`), `${type}.${name}`].join('.'),
      message:
        'is not planned, because planning ended with an error: mend the error and plan again',
    }));
}

interface FlowLogBlock {
  readonly modules: readonly string[];
  readonly type: string;
  readonly name: string;
}

const flowLogBlocks = (module: PlanObject, modules: readonly string[]): readonly FlowLogBlock[] => [
  ...listAt(module.resources)
    .map(objectOf)
    .filter(({ type, mode }) => isFlowLogType(type) && mode === 'managed')
    .map(({ type, name }) => ({ modules, type: String(type), name: String(name) })),
  ...Object.entries(objectOf(module.module_calls)).flatMap(([name, call]) =>
    flowLogBlocks(objectOf(objectOf(call).module), [...modules, name]),
  ),
];
