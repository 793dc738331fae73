import { makeClients } from '../../../rule/sources/aws/clients.ts';
import { existingInAws } from '../../../rule/sources/aws/existing.ts';

const source = existingInAws({
  clients: makeClients(),
  place: { accountId: '111122223333', region: 'eu-west-1' },
});

describe('names of another partition than that of the credentials', () => {
  it('are unknown: another bucket may have the name here', async () => {
    expect(await source.bucket('logs', 'aws-cn')).toEqual({
      kind: 'unknown',
      why: 'bucket logs is in partition aws-cn: use credentials of that partition',
      next: 'use credentials of that partition',
    });
    const arn = 'arn:aws-cn:kms:cn-north-1:111122223333:key/1';
    expect(await source.key(arn)).toMatchObject({ kind: 'unknown' });
  });
});
