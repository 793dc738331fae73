import { groupBy } from '../../basics/lists.ts';
import type { Existing } from '../../model/existing.ts';
import { makeMadeUp } from '../planned/made-up.ts';
import { makePlaces, type PlannedPlace } from '../planned/place.ts';
import { groupsOf, linkingNames } from './links.ts';
import { labelOf, type Deployment, type Located, type Stack } from './stack.ts';
import type { Resource, Template } from './template.ts';
import type { Given } from './known-list.ts';

/** A template that is deployed by itself, not by another template. */
export interface RootTemplate {
  readonly template: Template;
  /** Differs for each root template: the name before logical ids, where there are several. */
  readonly name: string;
  /** The name of the stack in AWS, where the input tells the name. */
  readonly stackName?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** The names of the root templates in the same app that are deployed before. */
  readonly dependencies?: readonly string[];
}

/** How templates are deployed. */
export interface DeploymentPlan {
  readonly roots: readonly RootTemplate[];
  /** The template of a stack resource; undefined where the template is not given. */
  readonly nested: (template: Template, resource: Resource) => Template | undefined;
  readonly given: Given;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly existing?: Existing | undefined;
  /** All text of the input: no made-up value occurs in the text. */
  readonly text: string;
}

/** Makes the stacks of all templates. Stacks that refer to each other are in one place. */
export function deploymentOf(plan: DeploymentPlan): Deployment {
  const told = [plan.account, plan.region, ...Object.values(plan.given)].join(' ');
  const madeUp = makeMadeUp(`${plan.text} ${told}`);
  const places = () => makePlaces(madeUp, { account: 'AWS::AccountId', region: 'AWS::Region' });
  const { roots, account, region, existing } = plan;
  const { place: placeApart } = places();
  const apart = roots.map((root) => stacksOf(root, placeApart(root.name, {}), plan));
  const groups = groupsOfRoots(roots, apart, indexed(apart.flat(), { madeUp, existing }));
  // No stack is in a place from before the groups were known: such places would only multiply the worlds.
  const { place } = places();
  const stacks = roots.flatMap((root, index) => {
    const group = roots.filter((_, other) => groups[other] === groups[index]);
    const known = {
      account: root.account ?? account ?? group.find((each) => each.account)?.account,
      region: root.region ?? region ?? group.find((each) => each.region)?.region,
    };
    return stacksOf(root, place(`group ${groups[index]}`, known), plan);
  });
  return indexed(stacks, { madeUp, existing });
}

function indexed(
  stacks: readonly Stack[],
  around: Pick<Deployment, 'madeUp' | 'existing'>,
): Deployment {
  const all = stacks.flatMap((stack) =>
    Object.entries(stack.template.resources).map(([logicalId, resource]): Located => ({
      stack,
      logicalId,
      resource,
    })),
  );
  const byType = groupBy(all, ({ resource }) => resource.type);
  const keys = all.filter(({ resource }) => /^AWS::KMS::(Replica)?Key$/.test(resource.type));
  return {
    stacks,
    byType,
    keys: new Map(keys.map((each) => [labelOf(each.stack, each.logicalId), each])),
    ...around,
  };
}

/** Stacks are linked by an import of an export, or by their app. */
function groupsOfRoots(
  roots: readonly RootTemplate[],
  stacks: readonly (readonly Stack[])[],
  deployment: Deployment,
): readonly number[] {
  const names = stacks.map((each) => linkingNames(each, deployment));
  return groupsOf(roots.length, (one, other) => {
    const exported = names[other]?.exported ?? [];
    return (
      (names[one]?.imported ?? []).some((name) => exported.includes(name)) ||
      (roots[one]?.dependencies ?? []).includes(roots[other]?.name ?? '')
    );
  });
}

/** The stack of a root template, and the stacks nested in it. A template inside of itself is not nested again. */
function stacksOf(root: RootTemplate, place: PlannedPlace, plan: DeploymentPlan): readonly Stack[] {
  const { template, name, stackName } = root;
  const prefix = plan.roots.length > 1 ? `${name}.` : '';
  const stacks: Stack[] = [];
  const add = (stack: Omit<Stack, 'children'>, outer: readonly Template[]): Stack => {
    const children = new Map<string, Stack>();
    const made = { ...stack, children };
    stacks.push(made);
    const around = [...outer, stack.template];
    for (const [logicalId, resource] of Object.entries(stack.template.resources)) {
      const inner = plan.nested(stack.template, resource);
      if (inner === undefined || around.includes(inner)) continue;
      const parent = { stack: made, logicalId };
      const nested = { prefix: `${labelOf(stack, logicalId)}.`, stackName: undefined, given: {} };
      children.set(logicalId, add({ ...nested, template: inner, place, parent }, around));
    }
    return made;
  };
  add({ prefix, stackName, template, place, given: plan.given, parent: undefined }, []);
  return stacks;
}
