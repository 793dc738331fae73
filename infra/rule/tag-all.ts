import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Options } from '../options/options.ts';

/** CloudFormation takes only letters and digits in the names of tags for this type. */
const excludeResourceTypes = ['AWS::SecurityHub::AutomationRule'];

/** Puts the tags of the operator on everything below a construct that takes tags. */
export function tagAll(scope: IConstruct, { tags }: Pick<Options, 'tags'>): void {
  for (const [name, value] of Object.entries(tags))
    Tags.of(scope).add(name, value, { excludeResourceTypes });
}
