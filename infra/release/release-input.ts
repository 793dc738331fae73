import type { Context } from './choices.ts';
import type { JsonObject } from './json.ts';

/** A template as the CDK makes it. */
export interface Synthesised {
  readonly Description?: string;
  readonly Parameters?: JsonObject;
  readonly Conditions?: JsonObject;
  readonly Resources: JsonObject;
  readonly Outputs?: JsonObject;
}

export interface Release {
  /** Makes the template with these options. */
  readonly synth: (options: Context) => Synthesised;
  /** Made-up options for everything that parameters choose. */
  readonly options: Context;
  /** The definitions of the parameters, by group. */
  readonly groups: Readonly<Record<string, JsonObject>>;
}
