import type { Problem } from '../../model/problem.ts';
import type { Plan } from './instances.ts';
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
  const isPlanned = ({ name, modules }: FlowLogBlock): boolean =>
    planned.some(
      (each) =>
        each.type === 'aws_flow_log' &&
        each.name === name &&
        each.modules.map((step) => step.name).join('.') === modules.join('.'),
    );
  return flowLogBlocks(configuration, [])
    .filter((block) => !isPlanned(block))
    .map(({ modules, name }) => ({
      file,
      item: [...modules.map((each) => `module.${each}`), `aws_flow_log.${name}`].join('.'),
      message:
        'is not planned, because planning ended with an error: mend the error and plan again',
    }));
}

interface FlowLogBlock {
  readonly modules: readonly string[];
  readonly name: string;
}

const flowLogBlocks = (module: PlanObject, modules: readonly string[]): readonly FlowLogBlock[] => [
  ...listAt(module.resources)
    .map(objectOf)
    .filter(({ type, mode }) => type === 'aws_flow_log' && mode === 'managed')
    .map(({ name }) => ({ modules, name: String(name) })),
  ...Object.entries(objectOf(module.module_calls)).flatMap(([name, call]) =>
    flowLogBlocks(objectOf(objectOf(call).module), [...modules, name]),
  ),
];
