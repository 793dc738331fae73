import { readOptions } from '../../infra/options.ts';

const boundary = 'arn:aws:iam::111122223333:policy/boundary';

describe('options', () => {
  it('have defaults for all that one account needs', () => {
    expect(readOptions({})).toEqual({
      ruleName: 'flow-log-key-allows-delivery',
      frequency: 'TwentyFour_Hours',
      parameters: {},
      alarmTopicArn: undefined,
      unknownThreshold: 0,
      logRetentionDays: 90,
      asConformancePack: false,
      detailedFindings: false,
      securityHubAdministrator: false,
      permissionsBoundaryArn: undefined,
    });
  });

  it.each([
    ['a flag from the command line', { asConformancePack: 'true' }, { asConformancePack: true }],
    ['a flag from cdk.json', { asConformancePack: true }, { asConformancePack: true }],
    ['a number from the command line', { unknownThreshold: '7' }, { unknownThreshold: 7 }],
    ['a number from cdk.json', { unknownThreshold: 7 }, { unknownThreshold: 7 }],
    ['an empty value as none', { organizationId: '' }, { parameters: {} }],
    [
      'parameters by the names of the rule',
      { organizationId: 'o-a1b2c3d4e5', alsoCheck: 'customer-key' },
      { parameters: { OrganizationId: 'o-a1b2c3d4e5', AlsoCheck: 'customer-key' } },
    ],
    [
      'a topic in China',
      { alarmTopicArn: 'arn:aws-cn:sns:cn-north-1:111122223333:alarms' },
      { alarmTopicArn: 'arn:aws-cn:sns:cn-north-1:111122223333:alarms' },
    ],
    ['a boundary', { permissionsBoundaryArn: boundary }, { permissionsBoundaryArn: boundary }],
    [
      "CDK's own context",
      {
        '@aws-cdk/core:x': true,
        'aws:cdk:bundling-stacks': ['**'],
        'availability-zones:account=1': [],
      },
      {},
    ],
  ])('take %s', (_, given, expected) => {
    expect(readOptions(given)).toMatchObject(expected);
  });

  it.each([
    [
      'an unknown one',
      { frequenzy: 'One_Hour' },
      'option frequenzy="One_Hour" is not known; known are ruleName, frequency',
    ],
    [
      'a frequency that AWS does not have',
      { frequency: 'Two_Hours' },
      'option frequency="Two_Hours": give one of One_Hour, Three_Hours',
    ],
    [
      'a name that leaves no room',
      { ruleName: 'x'.repeat(38) },
      /option ruleName="x+": 38 characters, and at most 37/,
    ],
    [
      'a name with spaces',
      { ruleName: 'my rule' },
      'option ruleName="my rule": give letters, digits, - and _',
    ],
    [
      'a topic that is none',
      { alarmTopicArn: 'alarms' },
      'option alarmTopicArn="alarms": give the ARN of a standard SNS topic',
    ],
    [
      'a FIFO topic, which alarms cannot tell',
      { alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:alarms.fifo' },
      'option alarmTopicArn=',
    ],
    [
      'a role for a policy',
      { permissionsBoundaryArn: 'arn:aws:iam::111122223333:role/x' },
      'option permissionsBoundaryArn=',
    ],
    [
      'a flag that is neither',
      { asConformancePack: 'yes' },
      'option asConformancePack="yes": give one of true, false',
    ],
    [
      'a number below zero',
      { unknownThreshold: '-1' },
      'option unknownThreshold="-1": give a whole number',
    ],
    [
      'a retention that CloudWatch does not have',
      { logRetentionDays: 31 },
      'option logRetentionDays=31: give one of 1, 3, 5',
    ],
    [
      'a name that a pack cannot have',
      { asConformancePack: true, ruleName: 'my_rule' },
      'option ruleName="my_rule": a conformance pack',
    ],
    ['a list', { ruleName: ['a'] }, 'option ruleName=["a"]: give a single value'],
    [
      'a bad parameter of the rule',
      { requiredActions: 'kms:Decript' },
      'option requiredActions="kms:Decript": rule parameter RequiredActions="kms:Decript": "kms:Decript" is not an action of KMS',
    ],
    ['unknown taken for compliant', { unknownAs: 'COMPLIANT' }, 'option unknownAs="COMPLIANT"'],
    [
      'parameters that are too long together',
      { requiredActions: 'kms:Decrypt, '.repeat(90) },
      /take \d+ characters together, and AWS Config takes 1024 at most/,
    ],
  ])('refuse %s', (_, given, words) => {
    expect(() => readOptions(given)).toThrow(words);
  });
});
