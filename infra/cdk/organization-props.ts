import type { FlowLogKeyCommonProps } from './rule-props.ts';

/** The props of the rule for an organization. */
export interface FlowLogKeyOrganizationProps extends FlowLogKeyCommonProps {
  /** The id of the organization, such as `o-a1b2c3d4e5`. */
  readonly organizationId: string;
  /** The organizational units or roots. All accounts below are members. */
  readonly organizationalUnits: readonly string[];
  /** The Regions to judge, the home Region first. */
  readonly regions: readonly string[];
  /** The accounts with rules that may ask the evaluator. */
  readonly memberAccounts: readonly string[];
  /**
   * The accounts below the units to leave out.
   *
   * @default - none
   */
  readonly excludedAccounts?: readonly string[];
  /**
   * The central account, a delegated administrator of CloudFormation and AWS Config.
   *
   * @default - the account of the deployment
   */
  readonly account?: string;
}
