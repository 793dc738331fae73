import { basename, join } from 'node:path';
import {
  App,
  BootstraplessSynthesizer,
  type FileAssetLocation,
  type FileAssetSource,
  type IStackSynthesizer,
  Stack,
} from 'aws-cdk-lib';
import { readOptions } from '../options/options.ts';
import { AccountRule } from '../rule/account-rule.ts';
import { lacks } from '../regions.ts';
import type { Context } from './choices.ts';
import { type JsonObject, omit } from './json.ts';
import { madeUpCode, madeUpOptions, STACK } from './made-up.ts';
import { groups } from './parameters.ts';
import { releasedTemplate } from './released-template.ts';
import type { Synthesised } from './release-input.ts';

/** The files with the functions in a release, by the names of the bundles. */
export type CodeFiles = Readonly<Record<string, string>>;

export interface RuleTemplate {
  readonly files: CodeFiles;
  /** The folder with the built functions. */
  readonly dist: string;
  /** A Region of those for which the template is, if these lack a type. */
  readonly region?: string | undefined;
}

/** The template of the rule for one account and Region. */
export function ruleTemplate(props: RuleTemplate): JsonObject {
  const hasHooks = !lacks(props.region ?? '', 'AWS::CloudFormation::LambdaHook');
  return releasedTemplate({
    synth: (options) => synthRule(options, props),
    options: hasHooks ? madeUpOptions : omit(madeUpOptions, 'hook'),
    groups,
  });
}

/** The template that the CDK app makes with these options, with the functions from the files of a release. */
export function synthRule(given: Context, { files, dist, region }: RuleTemplate): Synthesised {
  // Assets that stay where they are have the names of their folders.
  const context = { 'aws:cdk:disable-asset-staging': true };
  const app = new App({ context, analyticsReporting: false });
  const stack = new Stack(app, STACK, {
    ...(region === undefined ? {} : { env: { region } }),
    synthesizer: new CodeOfRelease(files) as IStackSynthesizer,
    description: 'AWS Config rule: will AWS be able to write each VPC flow log into its bucket?',
  });
  new AccountRule(stack, 'FlowLogKeyRule', {
    options: readOptions(given),
    code: join(dist, 'evaluate'),
    menderCode: join(dist, 'mend'),
    gateCode: join(dist, 'gate'),
  });
  return app.synth().getStackByName(STACK).template as Synthesised;
}

/** Takes functions from the bucket of the operator, in place of a bucket of the CDK. */
class CodeOfRelease extends BootstraplessSynthesizer {
  constructor(private readonly files: CodeFiles) {
    super();
  }

  override addFileAsset({ fileName = '' }: FileAssetSource): FileAssetLocation {
    const { bucketName, prefix } = madeUpCode;
    const file = this.files[basename(fileName)];
    if (file === undefined) throw new Error(`no file of the release is for ${fileName}`);
    const url = `https://${bucketName}/${prefix}${file}`;
    return { bucketName, objectKey: `${prefix}${file}`, httpUrl: url, s3ObjectUrl: url };
  }
}
