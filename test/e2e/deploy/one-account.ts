import type { Executed } from '../automation.ts';
import { synthesise, upload } from './assembly.ts';
import { deliveryStatement, flowLogBy, makeKey, noSuchKey, type Made } from './flow-logs.ts';
import { judge, parametersIn, runDocument } from './functions.ts';
import { deployable } from './known.ts';
import { createStack, idOf, removeStack, type Ids, type Place, type Template } from './stacks.ts';
import { resolved } from './values.ts';

/** Three flow logs, each with a bucket and a key of its own. */
export interface FlowLogs {
  readonly admits: Made;
  readonly refuses: Made;
  readonly gone: Made;
}

/** A key admits AWS's delivery service, a key does not, a key does not exist. */
export async function makeFlowLogs(place: Place): Promise<FlowLogs> {
  return {
    admits: await flowLogBy(place, await makeKey(place, deliveryStatement)),
    refuses: await flowLogBy(place, await makeKey(place)),
    gone: await flowLogBy(place, noSuchKey(place.accountId)),
  };
}

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** What a rule without parameters says of these. */
export const judged = {
  admits: matching(/^COMPLIANT deliverable: key policy admits/),
  refuses: matching(/^NON_COMPLIANT key-policy: no statement is for delivery.logs.amazonaws.com/),
  gone: matching(/^NON_COMPLIANT key: key does not exist/),
};

/** A stack of one account that was created. */
export interface Deployed {
  readonly place: Place;
  readonly name: string;
  readonly ruleName: string;
  /** The whole template, with what ministack lacks. */
  readonly template: Template;
  readonly lacking: Readonly<Record<string, number>>;
  readonly ids: Ids;
  /** AWS Config asks, with the parameters of the rule in the template. */
  readonly judge: (flowLogs: FlowLogs) => Promise<Record<keyof FlowLogs, string | undefined>>;
  readonly remove: () => Promise<void>;
}

export type Options = Readonly<Record<string, unknown>>;

/** Synthesises, uploads and creates the stack of one account. */
export async function deploy(
  place: Place,
  options: Options,
  change = (template: Template): Template => template,
): Promise<Deployed> {
  const assembly = await synthesise(options, place.accountId);
  try {
    await upload(place, assembly);
    const [[name, made] = ['', { Resources: {} }]] = Object.entries(assembly.templates);
    const template = change(made);
    const { stack, lacking } = await deployable(place, { name, template });
    return created({ place, name, template, lacking, ids: await createStack(place, stack) });
  } finally {
    assembly.remove();
  }
}

/** What can be done with a created stack. */
export function created(
  stack: Pick<Deployed, 'place' | 'name' | 'template' | 'lacking' | 'ids'>,
): Deployed {
  const { place, name, template, ids } = stack;
  const functionName = idOf(stack, 'AWS::Lambda::Function', 'Evaluator');
  const ruleName = nameIn(template, ids);
  const parameters = parametersIn(template, ids);
  return {
    ...stack,
    ruleName,
    async judge({ admits, refuses, gone }) {
      const verdicts = await judge(place, { ruleName, functionName, parameters });
      const of = ({ flowLogId }: Made): string | undefined => verdicts[flowLogId];
      return { admits: of(admits), refuses: of(refuses), gone: of(gone) };
    },
    remove: () => removeStack(place, name),
  };
}

/** The name of the rule, which the evaluator of a pack knows too. */
function nameIn({ Resources }: Template, ids: Ids): string {
  const [name] = Object.values(Resources).flatMap(({ Type, Properties }) => {
    const { Variables } = (Properties?.Environment ?? {}) as { readonly Variables?: Options };
    return Type === 'AWS::Lambda::Function' ? [Variables?.POWERTOOLS_SERVICE_NAME] : [];
  });
  return String(resolved(name, ids));
}

/** Runs a runbook of a stack. */
export const runbook = (
  { place, template, ids, ruleName }: Deployed,
  kind: 'mend' | 'take-back',
  { id, ...parameters }: { readonly id: string; readonly [parameter: string]: string },
): Promise<Executed> =>
  runDocument(place, { template, ids }, { id, document: `${ruleName}-${kind}`, parameters });

/** The steps of an execution and its end. */
export const stepsOf = ({ status, steps, message = '' }: Executed): string =>
  [...steps.map(({ name }) => name), status, message].join(' ').trim();
