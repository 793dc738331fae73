import { App, Stack } from 'aws-cdk-lib';
import { readPermissions } from '../rule/read-permissions.ts';
import { reportPermissions } from '../rule/report-permissions.ts';

/** Values that the policy does not fix: the Region and the account. */
const env = { region: 'us-east-1', account: '123456789012' };

/**
 * The policy of the evaluator's role as JSON, for operators who make the role themselves. Such an evaluator has neither
 * table nor queue.
 */
export function evaluatorPolicy(): string {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Policy', { env });
  const permissions = [
    ...readPermissions(stack, {}),
    ...reportPermissions(stack, { region: '*', detailedFindings: false }),
    {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`arn:${stack.partition}:logs:*:${stack.account}:log-group:/aws/lambda/*`],
    },
  ];
  const Statement = permissions.map(({ sid, actions, resources }) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  }));
  const policy = JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);
  return `${policy.replaceAll(stack.account, '*')}\n`;
}
