/** Parts of a template of a flow log, its bucket and the key: each as text of YAML. */
interface Parts {
  /** Sections before the resources. */
  readonly head: string;
  readonly key: string;
  /** The condition of the statement for delivery, or any other members of the statement. */
  readonly statement: string;
  /** Statements behind the statement for delivery. */
  readonly more: string;
  readonly principal: string;
  readonly keyId: string;
  readonly encryption: string;
  readonly bucket: string;
  readonly destination: string;
  readonly flowLog: string;
  /** Further resources. */
  readonly resources: string;
  readonly tail: string;
}

const indent = (text: string, spaces: number): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ' '.repeat(spaces) + line)
    .join('\n');

const defaults: Omit<Parts, 'key' | 'encryption'> = {
  head: '',
  statement: '',
  more: '',
  principal: '{Service: delivery.logs.amazonaws.com}',
  keyId: '!GetAtt LogKey.Arn',
  bucket: '',
  destination: '!GetAtt LogBucket.Arn',
  flowLog: '',
  resources: '',
  tail: '',
};

/** A template that delivers, but for the parts that are given. */
export function network(parts: Partial<Parts> = {}): string {
  const { head, statement, more, principal, keyId, bucket, destination, flowLog, resources, tail } =
    {
      ...defaults,
      ...parts,
    };
  const {
    key = `KeyPolicy:
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Principal: {AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root'}
      Action: kms:*
      Resource: '*'
    - Effect: Allow
      Principal: ${principal}
      Action: [kms:Decrypt, kms:GenerateDataKey*]
      Resource: '*'
${indent(statement, 6)}
${indent(more, 4)}`,
    encryption = `BucketEncryption:
  ServerSideEncryptionConfiguration:
    - ServerSideEncryptionByDefault:
        SSEAlgorithm: aws:kms
        KMSMasterKeyID: ${keyId}`,
  } = parts;
  return `${head}
Resources:
  LogKey:
    Type: AWS::KMS::Key
    Properties:
      Description: the key
${indent(key, 6)}
  LogBucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags: []
${indent(encryption, 6)}
${indent(bucket, 6)}
  FlowLog:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceId: vpc-0a1b2c3d4e5f60718
      ResourceType: VPC
      LogDestinationType: s3
      LogDestination: ${destination}
${indent(flowLog, 6)}
${indent(resources, 2)}
${tail}
`;
}
