import type { Facts } from './facts.ts';
import type { Grants } from './kms-grants.ts';

/** A value that a template or plan leaves open, such as the account of a stack. */
export interface Open {
  readonly kind: 'account' | 'region' | 'other';
  /** Differs for different open values. */
  readonly id: string;
  /** In messages after "depends on", such as "parameter Env". */
  readonly name: string;
  /** The step that settles the value, such as "give --account". */
  readonly settledBy: string;
  /** The values to try, the most general first. May ask the world for other open values. */
  readonly candidates: (world: World) => readonly string[];
  /** A value in a message, such as "in account 111122223333". */
  readonly inWords: (value: string) => string;
}

/** One assignment of the open values. The world is asked only for values on the way to a verdict. */
export interface World {
  /** The value of something open in this world. */
  readonly valueOf: (open: Open) => string;
  /** Takes a literal on the way: a literal may tell the values of something open apart. */
  readonly note: (literal: string) => void;
  /** The literals of earlier worlds. */
  readonly literals: ReadonlySet<string>;
}

/** The facts about a planned flow log in one world. */
export interface PlannedFacts {
  readonly facts: Facts;
  /** The reason for not saying deliverable, whatever the checks say: a macro may rewrite the template, for example. */
  readonly doubt: string | undefined;
  /** Remarks on the way to the facts, such as the defaults of parameters. */
  readonly remarks: readonly string[];
  /** Facts that few verdicts need; undefined where no account is asked. */
  readonly further?: FurtherFacts | undefined;
}

/** Facts of an account for a second look: undefined where the account does not tell. */
export interface FurtherFacts {
  readonly grants: (keyArn: string) => Grants | undefined;
  readonly organization: (accountId: string) => Facts['organization'] | undefined;
}

/** The place of a flow log in a template, in a plan or in the code of an app. Lines and columns count from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A flow log of a template or plan, before deployment. */
export interface PlannedFlowLog {
  /** The logical id, or the address in Terraform. */
  readonly id: string;
  readonly source: SourceLine | null;
  /** The resource in a template; undefined in a plan. */
  readonly resource?: { readonly templateFile: string; readonly logicalId: string };
  /**
   * The facts in a world; undefined in a world without this flow log. Throws an ImpossibleWorld where the deployment fails.
   */
  readonly factsIn: (world: World) => PlannedFacts | undefined;
}

/** A deployment with these values fails, so the world says nothing about the flow log. The message is the reason. */
export class ImpossibleWorld extends Error {
  override readonly name = 'ImpossibleWorld';
  /** The next step, in messages. */
  readonly next: string = 'give values that can be deployed';
}

/** A deployment fails whatever the values are. */
export class BrokenTemplate extends ImpossibleWorld {
  override readonly next = 'mend the template';
}

/** The languages of code that makes keys. */
export const statementLanguages = ['json', 'terraform', 'cloudformation', 'cdk'] as const;
export type StatementLanguage = (typeof statementLanguages)[number];

/** The account, Region and partition of a stack or provider in one world. */
export interface WorldPlace {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}
