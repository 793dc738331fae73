import type { Existing } from '../../model/existing.ts';
import type { PlannedPlace } from '../planned/place.ts';
import type { MadeUp } from '../planned/made-up.ts';
import type { Resource, Template } from './template.ts';
import type { Given } from './known-list.ts';

/** A template with its place and its parameters: a template may be deployed several times. */
export interface Stack {
  /** Before the logical ids of this stack in reports: empty for an only template, else `STACK.`. */
  readonly prefix: string;
  /** The name in AWS, where the input tells the name. */
  readonly stackName: string | undefined;
  readonly template: Template;
  readonly place: PlannedPlace;
  /** Values of parameters that were given. */
  readonly given: Given;
  /** The stack resource that makes this stack. */
  readonly parent: { readonly stack: Stack; readonly logicalId: string } | undefined;
  /** Nested stacks by the logical id of their resource. */
  readonly children: ReadonlyMap<string, Stack>;
}

/** Everything that is deployed together, or may refer to each other. */
export interface Deployment {
  readonly stacks: readonly Stack[];
  /** The resources of all stacks by their type. */
  readonly byType: ReadonlyMap<string, readonly Located[]>;
  /** The keys of all stacks by their name in reports. */
  readonly keys: ReadonlyMap<string, Located>;
  readonly madeUp: MadeUp;
  /** The account beside the templates; undefined where no account is asked. */
  readonly existing: Existing | undefined;
}

/** A resource and its stack. */
export interface Located {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly resource: Resource;
}

/** The name of a resource in reports. */
export const labelOf = ({ prefix }: Pick<Stack, 'prefix'>, logicalId: string): string =>
  `${prefix}${logicalId}`;
