import {
  type OrganizationOptions,
  organizationOf,
  organizationReaders,
  parametersOfMembers,
} from './organization.ts';
import {
  parameterReaders,
  type ConfigParameters,
  type ParametersRead,
  parametersOf,
} from './parameters.ts';
import { flag, matching, oneOf, type Reader, refuse, show, whole } from './readers.ts';
import { type RemediationOptions, remediationOf, remediationReaders } from './remediation.ts';

/** How often AWS Config asks about everything, in its own words. */
export const frequencies = [
  'One_Hour',
  'Three_Hours',
  'Six_Hours',
  'Twelve_Hours',
  'TwentyFour_Hours',
] as const;
export type Frequency = (typeof frequencies)[number];

/** What an operator may choose, as CDK context (`-c name=value`, or `context` in cdk.json). */
export interface Options {
  readonly ruleName: string;
  readonly frequency: Frequency;
  /** Parameters of the rule by their names, without empty ones. */
  readonly parameters: ConfigParameters;
  /** An SNS topic that alarms tell. */
  readonly alarmTopicArn: string | undefined;
  /** The rule's alarm rings when more flow logs than this are unknown. */
  readonly unknownThreshold: number;
  readonly logRetentionDays: number;
  /** Puts the rule into a conformance pack. */
  readonly asConformancePack: boolean;
  /** Imports findings with reason and remedy into Security Hub. */
  readonly detailedFindings: boolean;
  /** Adds the stack for the Security Hub administrator's account. */
  readonly securityHubAdministrator: boolean;
  /** A managed policy that bounds every role, where the organization asks for one. */
  readonly permissionsBoundaryArn: string | undefined;
  /** How key policies are mended; undefined where they are not. */
  readonly remediation: RemediationOptions | undefined;
  /** Who the members are; undefined where the rule is for one account and Region. */
  readonly organization: OrganizationOptions | undefined;
}

/** The longest name that leaves room for what conformance packs and organizations append, of the 64 that one API takes. */
const MAX_RULE_NAME_LENGTH = 37;

const ruleName: Reader<string> = (value) => {
  matching(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _')(value);
  if (value.length > MAX_RULE_NAME_LENGTH)
    throw new Error(
      `${value.length} characters, and at most ${MAX_RULE_NAME_LENGTH} leave room for what AWS Config appends`,
    );
  return value;
};

/** The retention periods that CloudWatch Logs has, up to ten years. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
].map(String);

const ownReaders = {
  ruleName,
  frequency: oneOf(...frequencies),
  alarmTopicArn: matching(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
    'the ARN of a standard SNS topic, like arn:aws:sns:us-east-1:111122223333:alarms',
  ),
  unknownThreshold: whole(0, 1_000_000),
  logRetentionDays: (value: string) => Number(oneOf(...retentions)(value)),
  asConformancePack: flag,
  detailedFindings: flag,
  securityHubAdministrator: flag,
  permissionsBoundaryArn: matching(
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
    'the ARN of a managed policy, like arn:aws:iam::111122223333:policy/boundary',
  ),
} as const;

/** All of them; those of a part are put together there, as they need one another. */
const readers = {
  ...ownReaders,
  ...parameterReaders,
  ...organizationReaders,
  ...remediationReaders,
} as const;

type Name = keyof typeof readers;
type OwnRead = {
  readonly [N in keyof typeof ownReaders]?: ReturnType<(typeof ownReaders)[N]>;
};

const defaults = {
  ruleName: 'flow-log-key-allows-delivery',
  frequency: 'TwentyFour_Hours',
  alarmTopicArn: undefined,
  unknownThreshold: 0,
  logRetentionDays: 90,
  asConformancePack: false,
  detailedFindings: false,
  securityHubAdministrator: false,
  permissionsBoundaryArn: undefined,
} as const;

/**
 * Reads the options. Throws an Error that names the option and its value, and every name that is not one; context
 * keys of CDK's own (with `:`, `/` or `@` in them) are not ours to judge.
 */
export function readOptions(context: Readonly<Record<string, unknown>>): Options {
  const given = Object.entries(context).filter(
    ([name]) => !/[:@/]/.test(name) && name !== 'aws-cdk',
  );
  const read: Partial<Record<Name, unknown>> = {};
  for (const [name, value] of given) {
    if (!isName(name))
      throw new Error(
        `option ${name}=${show(value)} is not known; known are ${Object.keys(readers).join(', ')}`,
      );
    if (value !== '') read[name] = readOne(name, value);
  }
  const own = { ...defaults, ...(only(read, ownReaders) as OwnRead) };
  const chosen = only(read, parameterReaders) as ParametersRead;
  const around = { given: context, ruleName: own.ruleName, parameters: chosen };
  const organization = organizationOf(only(read, organizationReaders), around);
  const remediation = remediationOf(only(read, remediationReaders), around);
  const parameters = parametersOf(
    organization === undefined ? chosen : parametersOfMembers(chosen),
  );
  if (own.asConformancePack) fitsPack(own.ruleName, organization);
  return { ...own, parameters, organization, remediation };
}

/** The pack has the rule's name, and AWS Config is stricter about those of packs. */
function fitsPack(name: string, organization: OrganizationOptions | undefined): void {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
    refuse('ruleName', name, "a conformance pack's name starts with a letter and has no _");
  if (organization !== undefined)
    refuse('asConformancePack', true, 'members of an organization have a rule of their own');
}

/** What was given of one part. */
const only = (read: Partial<Record<Name, unknown>>, part: object): object =>
  Object.fromEntries(Object.entries(read).filter(([name]) => Object.hasOwn(part, name)));

const isName = (name: string): name is Name => Object.hasOwn(readers, name);

function readOne(name: Name, value: unknown): unknown {
  try {
    const given = typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
    if (typeof given !== 'string') throw new Error('give a single value');
    return readers[name](given);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`option ${name}=${show(value)}: ${why}`, { cause: error });
  }
}
