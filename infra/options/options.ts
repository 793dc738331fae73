import { Token } from 'aws-cdk-lib';
import { errorText } from '../../rule/basics/text.ts';
import {
  type OrganizationOptions,
  organizationOf,
  organizationReaders,
  parametersOfMembers,
} from './organization.ts';
import {
  type ConfigParameters,
  parameterReaders,
  type ParametersRead,
  parametersOf,
} from './parameters.ts';
import { namesOf } from '../organization/names.ts';
import { isChina } from '../regions.ts';
import { checkHook } from './hook.ts';
import { checkPlaces } from './places.ts';
import { notKnown, refuse, show } from './readers.ts';
import { type RemediationOptions, remediationOf, remediationReaders } from './remediation.ts';
import { ruleOf, type RuleOptions, ruleReaders } from './rule.ts';

/** The choices of an operator, given as CDK context (`-c name=value`, or `context` in cdk.json). */
export interface Options extends RuleOptions {
  /** Parameters of the rule; empty ones are left out. */
  readonly parameters: ConfigParameters;
  /** How key policies are mended; undefined if remediation is off. */
  readonly remediation: RemediationOptions | undefined;
  /** The members of the organization; undefined if the rule is for one account and Region. */
  readonly organization: OrganizationOptions | undefined;
}

const readers = {
  ...ruleReaders,
  ...parameterReaders,
  ...organizationReaders,
  ...remediationReaders,
} as const;

type Name = keyof typeof readers;
type Values = Partial<Record<Name, unknown>>;

/**
 * Reads the options from the context of the CDK, where an empty value means "not set". Throws an Error with the name and
 * the value of a bad or unknown option, and of an option that does not work in the Region.
 */
export const readOptions = (context: Given, region?: string): Options =>
  optionsOf(
    Object.fromEntries(
      Object.entries(context).filter(([name, value]) => isOwn(name) && value !== ''),
    ),
    region,
  );

/** CDK keeps choices of its own in the same file as the options: seen notices, and no telemetry. */
const namesOfCdk = ['aws-cdk', 'acknowledged-issue-numbers', 'cli-telemetry'];

/** False for the context keys of CDK itself: the names in the list, and all names with `:`, `/` or `@`. */
const isOwn = (name: string): boolean => !/[:@/]/.test(name) && !namesOfCdk.includes(name);

/** Values by the names of options, typed or as text. */
export type Given = Readonly<Record<string, unknown>>;

/** Reads and checks the options of a deployment, from the context or from an app. An organization names its Regions itself. */
export function optionsOf(given: Given, region?: string): Options {
  const values = readValues(given);
  const rule = ruleOf(pick(values, ruleReaders));
  const chosen = pick(values, parameterReaders) as ParametersRead;
  const { ruleName } = rule;
  const surroundings = { given, ruleName, names: namesOf(rule), parameters: chosen };
  const organization = organizationOf(pick(values, organizationReaders), surroundings);
  if (organization !== undefined) checkWritten(given);
  if (chosen.aggregator !== undefined && isChina(organization?.home ?? region ?? ''))
    refuse('aggregator', chosen.aggregator, NO_QUERIES);
  const remediation = remediationOf(pick(values, remediationReaders), surroundings);
  const parameters = parametersOf(
    organization === undefined ? chosen : parametersOfMembers(chosen, organization),
  );
  if (rule.asConformancePack) checkPack(ruleName, organization);
  if (rule.hook !== 'off') checkHook(rule, { organization, region });
  checkPlaces(rule, { organization, remediation, region });
  return { ...rule, parameters, organization, remediation };
}

const NO_QUERIES =
  'China has no queries over many accounts: name the accounts to look into with ownerAccounts';

function readValues(given: Given): Values {
  const values: Values = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!isName(name)) throw new Error(`option ${notKnown(name, value, optionNames)}`);
    values[name] = readValue(name, value);
  }
  return values;
}

function readValue(name: Name, value: unknown): unknown {
  if (value === '' || (Array.isArray(value) && value.length === 0))
    refuse(name, value, 'nothing is named; leave it out for the default');
  try {
    return readers[name](value);
  } catch (error) {
    throw new Error(`option ${name}=${show(value)}: ${errorText(error)}`, { cause: error });
  }
}

/** Members of an organization have a template of their own, without the resources of the app. */
function checkWritten(given: Given): void {
  for (const [name, value] of Object.entries(given))
    if (Token.isUnresolved(JSON.stringify(value)))
      refuse(name, value, 'members cannot refer to resources of this app; give the whole ARN');
}

/** A conformance pack takes the name of the rule, and AWS Config allows fewer characters in names of packs. */
function checkPack(name: string, organization: OrganizationOptions | undefined): void {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
    refuse('ruleName', name, "a conformance pack's name starts with a letter and has no _");
  if (organization !== undefined)
    refuse('asConformancePack', true, 'members of an organization have a rule of their own');
}

/** The values of the options in a table of readers. */
const pick = (values: Values, part: object): object =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(part, name)));

export const optionNames = Object.keys(readers) as readonly Name[];

const isName = (name: string): name is Name => Object.hasOwn(readers, name);
