import type { Stack } from 'aws-cdk-lib';
import type { Permission } from './written-role.ts';

/** Reporting to AWS Config, and to Security Hub if findings are imported. `region` is a Region or `*` for all. */
export function reportPermissions(
  { partition, account }: Stack,
  { region, detailedFindings }: { readonly region: string; readonly detailedFindings: boolean },
): readonly Permission[] {
  const arn = (rest: string): string => `arn:${partition}:${rest}`;
  const why = region === '*' ? { why: 'A role serves all Regions of its account' } : {};
  return [
    {
      sid: 'Report',
      actions: [
        'config:PutEvaluations',
        'config:DescribeConfigurationRecorders',
        'config:DescribeConfigurationRecorderStatus',
      ],
      resources: ['*'],
      why: 'ec2:DescribeFlowLogs, config:PutEvaluations and config:DescribeConfigurationRecorders take no resource',
    },
    {
      sid: 'FindOldResults',
      actions: ['config:GetComplianceDetailsByConfigRule'],
      resources: [arn(`config:${region}:${account}:config-rule/*`)],
      why: 'The ARN of a rule ends in an id that exists only after the function',
    },
    ...(detailedFindings
      ? [
          {
            sid: 'ImportFindings',
            actions: ['securityhub:BatchImportFindings'],
            resources: [arn(`securityhub:${region}:${account}:product/${account}/default`)],
            ...why,
          },
          {
            sid: 'ReadFindings',
            actions: ['securityhub:GetFindings'],
            resources: [arn(`securityhub:${region}:${account}:hub/default`)],
            ...why,
          },
        ]
      : []),
  ];
}
