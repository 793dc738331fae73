import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { mendRunbook, type Runbook, takeBackRunbook } from './runbook-content.ts';
import type { RemediationOptions } from '../options/remediation.ts';

export interface RunbooksProps {
  readonly ruleName: string;
  readonly remediation: RemediationOptions;
  /** The name of the mender function, or the ARN of a mender in another account. */
  readonly mender: string;
  /** The role that executions take. */
  readonly roleArn: string;
}

/** The names of the runbooks. The mender answers no other documents. */
export const documentNames = (ruleName: string) => ({
  mend: `${ruleName}-mend`,
  takeBack: `${ruleName}-take-back`,
});

/** The runbooks, which AWS Config and operators start. */
export class Runbooks extends Construct {
  readonly mend: CfnDocument;
  readonly takeBack: CfnDocument;

  constructor(scope: Construct, id: string, props: RunbooksProps) {
    super(scope, id);
    const { ruleName, remediation, mender: functionName, roleArn } = props;
    const { approvers, approvalTopicArn } = remediation;
    const names = documentNames(ruleName);
    const document = (id: string, name: string, content: Runbook): CfnDocument =>
      new CfnDocument(this, id, {
        name,
        documentType: 'Automation',
        documentFormat: 'JSON',
        content,
        // Lets an update keep the name of the document.
        updateMethod: 'NewVersion',
      });
    const runbook = { functionName, roleArn, approvers, approvalTopicArn };
    this.mend = document('Mend', names.mend, mendRunbook(runbook));
    this.takeBack = document('TakeBack', names.takeBack, takeBackRunbook(runbook));
  }
}
