import { KMSClient } from '@aws-sdk/client-kms';
import { readGrants } from '../../../rule/sources/aws/grants.ts';
import { account, keyArn } from '../../world.ts';

describe('the grants of a key', () => {
  const role = `arn:aws:iam::${account}:role/worker`;
  const SourceArn = `arn:aws:logs:us-east-1:${account}:*`;

  it('are to a principal, or to a service with the source that the service has to name', async () => {
    const Grants = [
      { GrantId: 'g-1', GranteePrincipal: role, Operations: ['Decrypt'] },
      {
        GrantId: 'g-2',
        GranteeServicePrincipal: 'delivery.logs.amazonaws.com',
        Operations: ['GenerateDataKey'],
        Constraints: { SourceArn },
      },
    ];
    const client = Object.assign(new KMSClient({ region: 'us-east-1' }), {
      send: () => Promise.resolve({ Grants }),
    });
    expect((await readGrants(keyArn, client)).grants).toEqual([
      { id: 'g-1', grantee: role, operations: ['Decrypt'] },
      {
        id: 'g-2',
        grantee: 'delivery.logs.amazonaws.com',
        operations: ['GenerateDataKey'],
        sourceArn: SourceArn,
      },
    ]);
  });
});
