import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A text for AWS with a limited length. */
interface Limited {
  /** The name of the text for messages. */
  readonly subject: string;
  readonly value: unknown;
  /** The most characters that AWS takes, of the value as JSON. */
  readonly max: number;
  readonly next: string;
}

/** Throws an Error for a text that AWS would refuse in the middle of a deployment. */
export function checkLength(scope: Construct, { subject, value, max, next }: Limited): void {
  const { length } = JSON.stringify(inAws(Stack.of(scope).resolve(value)));
  if (length > max)
    throw new Error(
      `${scope.node.path}: ${subject} would have about ${length} characters, and AWS takes ${max}: ${next}`,
    );
}

/** The longest of the partitions and Regions that anybody can use. */
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '111122223333',
};

/** The length of an ARN of a key: other values that only CloudFormation knows are hardly longer, and few. */
const KNOWN_LATER = 'x'.repeat(90);

/** A value with texts in the place of functions of CloudFormation. */
function inAws(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(inAws);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json);
  const [[name, of] = ['', undefined]] = entries as [string, unknown][];
  if (name === 'Fn::Join') {
    const [by, parts] = of as readonly [string, readonly unknown[]];
    return parts.map(inAws).join(by);
  }
  if (name === 'Ref' || name.startsWith('Fn::')) return pseudo[String(of)] ?? KNOWN_LATER;
  return Object.fromEntries(entries.map(([each, value]) => [each, inAws(value)]));
}
