/** The resource types of AWS Config behind a verdict. */
export const resourceTypes = {
  flowLog: 'AWS::EC2::FlowLog',
  bucket: 'AWS::S3::Bucket',
  key: 'AWS::KMS::Key',
  alias: 'AWS::KMS::Alias',
} as const;

export type ResourceType = (typeof resourceTypes)[keyof typeof resourceTypes];

/** Whether a verdict needs resources of the type. */
export const isResourceType = (type: string): type is ResourceType =>
  Object.values<string>(resourceTypes).includes(type);

/** The rule is asked again when a resource of these types changes. An alias is looked up anew at each verdict. */
export const ruleTypes = [
  resourceTypes.flowLog,
  resourceTypes.bucket,
  resourceTypes.key,
] as const satisfies readonly ResourceType[];
