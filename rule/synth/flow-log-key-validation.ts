/** The door for CDK apps: judges the templates of an app while the app is synthesised. */
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib';
import { version } from '../../package.json';
import {
  readAccountId,
  readActions,
  readOrganizationId,
  wordIn,
} from '../model/parameter-values.ts';
import { defaults } from '../model/parameters.ts';
import { readRegion } from '../model/region.ts';
import { checkCodes } from '../model/verdict.ts';
import { validationReport, type Settings } from './validation-report.ts';

/** The options of the validation. None has to be given. */
export interface FlowLogKeyValidationOptions {
  /**
   * The severity of an unknown flow log: the templates do not tell if AWS will be able to deliver. An error fails the
   * synthesis, as a blocked flow log does.
   *
   * @default 'warning'
   */
  readonly unknown?: 'warning' | 'error';
  /** The account to deploy stacks into that name no account in their `env`. */
  readonly account?: string;
  /** The Region to deploy stacks into that name no Region in their `env`. */
  readonly region?: string;
  /** Values of CloudFormation parameters, in place of their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The organization of the accounts, such as `o-a1b2c3d4e5`: settles `aws:SourceOrgID` in key policies. */
  readonly organizationId?: string;
  /**
   * The KMS actions that a key policy must allow.
   *
   * @default kms:GenerateDataKey and kms:Decrypt
   */
  readonly requiredActions?: readonly string[];
}

/**
 * Fails `cdk synth` for flow logs that AWS could not write into their KMS-encrypted bucket:
 *
 *     Validations.of(app).addPlugins(new FlowLogKeyValidation());
 */
export class FlowLogKeyValidation implements IPolicyValidationPlugin {
  readonly name: string = 'flow-log-key';
  readonly version: string = version;
  readonly ruleIds: string[] = [...checkCodes];
  readonly validate: (context: IPolicyValidationContext) => PolicyValidationPluginReport;

  /** Throws an Error for an option with a bad value. */
  constructor(options: FlowLogKeyValidationOptions = {}) {
    const settings = settingsOf(options);
    this.validate = ({ templatePaths }) => validationReport(templatePaths, settings);
  }
}

function settingsOf(options: FlowLogKeyValidationOptions): Settings {
  const { unknown = 'warning', account, region, parameters = {}, organizationId } = options;
  const { requiredActions } = options;
  return {
    unknown: wordIn(['warning', 'error'], unknown),
    account: account === undefined ? undefined : readAccountId(account),
    region: region === undefined ? undefined : readRegion(region),
    given: parameters,
    organizationId: organizationId === undefined ? undefined : readOrganizationId(organizationId),
    requiredActions:
      requiredActions === undefined
        ? defaults.requiredActions
        : readActions(requiredActions.join(',')),
  };
}
