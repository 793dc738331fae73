import { resolve } from 'node:path';
import { errorText } from '../../basics/text.ts';
import type { Problem } from '../../model/problem.ts';
import type { Existing } from '../../model/existing.ts';
import type { PlannedInput } from '../planned/input.ts';
import { makeMadeUp, type MadeUp } from '../planned/made-up.ts';
import { makePlaces, type PlannedPlace } from '../planned/place.ts';
import { isFlowLogType, planIn, type Instance, type Plan } from './instances.ts';
import { filledText, isMarked, textsOf } from './json-path.ts';
import { factsOfPlanned } from './planned-flow-log.ts';
import { readPlanFile } from './plan-file.ts';
import { providersOf } from './providers.ts';
import { linesIn } from './tf-lines.ts';
import { unplannedFlowLogs } from './unplanned.ts';
import type { Universe } from './universe.ts';

/** The place and the folder of plans, as far as a person tells. */
export interface PlanOptions {
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** The folder of the .tf files; undefined for the working folder. */
  readonly source?: string | undefined;
  /** The account to ask for things that the plans name and do not contain. */
  readonly existing?: Existing | undefined;
}

/** Reads plans and states in the form of `show -json`. */
export function readPlans(paths: readonly string[], options: PlanOptions): PlannedInput {
  const files = [...new Map(paths.map((path) => [resolve(path), path])).values()];
  const problems: Problem[] = [];
  const plans = files.flatMap((file): readonly Plan[] => {
    try {
      return [planIn(file, readPlanFile(file))];
    } catch (error) {
      problems.push({ file, item: null, message: errorText(error) });
      return [];
    }
  });
  const relevant = plans.flatMap(({ instances, deferred, removed }) =>
    [...instances.values(), ...deferred, ...removed].filter(({ type }) => RELEVANT.test(type)),
  );
  const madeUp = makeMadeUp(relevant.flatMap(({ values }) => textsOf(values)).join('\n'));
  for (const each of relevant) conceal(each, madeUp);
  const universe = universeOf(plans, relevant, { madeUp, options });
  const lineOf = linesIn(options.source ?? '.');
  const flowLogs = relevant.filter(
    ({ type, isData, plan, address }) =>
      isFlowLogType(type) && !isData && !plan.removed.some((each) => each.address === address),
  );
  return {
    flowLogs: flowLogs.map((each) => ({
      id: universe.labelOf(each),
      source: lineOf(each),
      factsIn: factsOfPlanned(each, universe),
    })),
    lineOf(name) {
      const named = relevant.find((each) => universe.labelOf(each) === name);
      return named === undefined ? null : lineOf(named);
    },
    madeUp,
    language: 'terraform',
    problems: [...problems, ...plans.flatMap(unplannedFlowLogs)],
    remarks: [
      ...(files.length < paths.length ? ['a file is given twice, and judged once'] : []),
      ...plans
        .filter(({ isErrored }) => isErrored)
        .map(({ file }) => `${file} is of a plan that ended with an error`),
    ],
  };
}

/** Resources on the way from a flow log to the policy of a key. */
const RELEVANT =
  /^(awscc_ec2_flow_log|aws_(flow_log|s3_bucket(_server_side_encryption_configuration|_policy)?|kms_.*|iam_policy_document))$/;

function universeOf(
  plans: readonly Plan[],
  relevant: readonly Instance[],
  { madeUp, options }: { readonly madeUp: MadeUp; readonly options: PlanOptions },
): Universe {
  const { place } = makePlaces(madeUp, {
    account: 'data.aws_caller_identity.current.account_id',
    region: 'data.aws_region.current.region',
  });
  const places = new Map<Instance, PlannedPlace>();
  const providers = new Map(plans.map((plan) => [plan, providersOf(plan)]));
  for (const each of relevant) {
    const told = providers.get(each.plan)?.(each);
    if (told === undefined) continue;
    const { credentials, provider, account, region } = told;
    const { file } = each.plan;
    const ids = { account: `${file} ${credentials}`, region: `${file} ${provider}` };
    const known = { account: account ?? options.account, region: region ?? options.region };
    places.set(each, place(ids, known));
  }
  const labels = labelsOf(relevant);
  const labelOf = (instance: Instance): string => labels.get(instance) ?? instance.address;
  const elsewhere = place('elsewhere', options);
  return {
    plans,
    madeUp,
    labelOf,
    placeOf: (instance) => places.get(instance) ?? elsewhere,
    existing: options.existing,
  };
}

/** Addresses; with the file in front where two plans have one address. */
function labelsOf(instances: readonly Instance[]): ReadonlyMap<Instance, string> {
  const plansOf = new Map<string, Set<Plan>>();
  for (const { address, plan } of instances)
    plansOf.set(address, (plansOf.get(address) ?? new Set()).add(plan));
  return new Map(
    instances.map((each) => [
      each,
      (plansOf.get(each.address)?.size ?? 0) > 1
        ? `${each.plan.file.replace(/\.json$/i, '')}.${each.address}`
        : each.address,
    ]),
  );
}

/** Names that no report may show, such as the name of a bucket from a sensitive variable. */
function conceal({ values, sensitive, address }: Instance, madeUp: MadeUp): void {
  for (const [name, value] of Object.entries(values)) {
    const text = filledText(value);
    if (text === undefined || name === 'policy' || !isMarked(sensitive, [name])) continue;
    madeUp.conceal(text, `${address}.${name}`);
    const resource = text.split(':').at(-1) ?? '';
    for (const part of text.startsWith('arn:') ? [resource, ...resource.split('/')] : [])
      if (part.length > 4) madeUp.conceal(part, `${address}.${name}`);
  }
}
