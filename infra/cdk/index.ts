/** The door for CDK apps: the constructs of `flow-log-key-rule/cdk`. */
export {
  FlowLogKeyValidation,
  type FlowLogKeyValidationOptions,
} from '../../rule/synth/flow-log-key-validation.ts';
export type { FlowLogKeyDeploymentProps } from './deployment-props.ts';
export { FlowLogKeyOrganization, type FlowLogKeyRegion } from './flow-log-key-organization.ts';
export { FlowLogKeyRule } from './flow-log-key-rule.ts';
export type { FlowLogKeyOrganizationProps } from './organization-props.ts';
export type { FlowLogKeyRemediation, KeysByTag } from './remediation-props.ts';
export type { FlowLogKeyCommonProps, FlowLogKeyRuleProps } from './rule-props.ts';
