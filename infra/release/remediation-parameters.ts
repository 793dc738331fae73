import { ACCOUNT, APPROVER, flag, KEY, list, oneOf, text, TOPIC, whole } from './definitions.ts';

/** The parameters for mending key policies. */
export const remediation = {
  Remediation: oneOf('Mending key policies; then exactly one of the keys below is named', [
    'off',
    'manual',
    'automatic',
  ]),
  RemediationKeyArns: text('ARNs of keys that may be mended', list(KEY, 52)),
  RemediationKeyTag: text(
    'Tag of keys that may be mended, as NAME=VALUE',
    '[A-Za-z0-9 _.:/+@-]{1,128}=[A-Za-z0-9 _.:/+@-]{1,256}',
  ),
  RemediationEveryKey: flag('Every key of the account may be mended'),
  RemediationApprovers: text(
    'ARNs of users, roles or assumed roles, one of which approves; empty: nobody is asked',
    list(APPROVER, 10),
  ),
  RemediationApprovalTopicArn: text(
    'SNS topic for requests to approve; its name starts with Automation',
    `${TOPIC}Automation[\\w-]{0,246}`,
  ),
  RemediationAttempts: whole('Attempts, if automatic, 1 to 25', 3, '[1-9]|1\\d|2[0-5]'),
  RemediationRetrySeconds: whole(
    'Time for the attempts, if automatic, up to 2678000',
    600,
    '[1-9]\\d{0,5}|1\\d{6}|2[0-5]\\d{5}|26[0-6]\\d{4}|267[0-7]\\d{3}|2678000',
  ),
  RemediationConcurrency: whole(
    'Percent of the flow logs to mend at the same time',
    10,
    '[1-9]\\d?|100',
  ),
  RemediationScope: oneOf('Flow logs that a remedy admits; organization needs OrganizationId', [
    'flow-logs',
    'organization',
  ]),
  RemediationAccounts: text(
    'Accounts of flow logs for which keys of other accounts are mended',
    list(ACCOUNT, 200),
  ),
  RemediationTable: oneOf(
    'existing, if another stack of this account and Region made the table of leases',
    ['new', 'existing'],
  ),
};
