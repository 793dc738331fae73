import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { Credentials } from './clients.ts';

/** Calls AWS STS for the credentials of a role. A module of its own: only rules that enter accounts load AWS STS. */
export function assumesRoles(
  config: STSClientConfig,
): (roleArn: string, sessionName: string) => Promise<Credentials> {
  const sts = new STSClient(config);
  return async (RoleArn, RoleSessionName) => {
    const { Credentials: answer } = await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName }),
    );
    if (answer === undefined)
      throw new Error(`AWS STS answered without credentials of role ${RoleArn}: run again`);
    return {
      accessKeyId: answer.AccessKeyId ?? '',
      secretAccessKey: answer.SecretAccessKey ?? '',
      sessionToken: answer.SessionToken ?? '',
      expiration: answer.Expiration ?? new Date(),
    };
  };
}
