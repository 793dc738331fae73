import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { takesRoles } from '../../../rule/sources/aws/roles.ts';

const sts = mockClient(STSClient);

describe('the role that is taken', () => {
  it.each([
    ['by a name', 'us-east-1', 'reader', 'arn:aws:iam::111122223333:role/reader'],
    ['under a path', 'eu-west-1', 'a/b/reader', 'arn:aws:iam::111122223333:role/a/b/reader'],
    ['in China', 'cn-north-1', 'a/reader', 'arn:aws-cn:iam::111122223333:role/a/reader'],
  ])('%s has the ARN of its account', async (_, region, name, arn) => {
    sts.reset();
    sts.on(AssumeRoleCommand).resolves({
      Credentials: {
        AccessKeyId: 'A',
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: new Date(Date.now() + 3_600_000),
      },
    });
    await takesRoles(region)('111122223333', name);
    expect(
      sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input.RoleArn),
    ).toEqual([arn]);
  });
});
