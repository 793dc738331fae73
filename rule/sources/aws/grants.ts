import { paginateListGrants, type KMSClient } from '@aws-sdk/client-kms';
import type { Grants, KmsGrant } from '../../model/kms-grants.ts';

/** A key may have 50,000 grants: nobody waits for all of them. */
const MAX_PAGES = 10;

/**
 * Lists the grants of a key. KMS filters by a service for services only. Rejects when AWS refuses.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html
 */
export async function readGrants(keyArn: string, client: KMSClient): Promise<Grants> {
  const grants: KmsGrant[] = [];
  let pages = 0;
  for await (const page of paginateListGrants({ client, pageSize: 100 }, { KeyId: keyArn })) {
    if (page.Grants === undefined)
      throw new Error(`AWS KMS answered without grants of key ${keyArn}: run again`);
    for (const { GrantId: id = '', Operations: operations = [], ...grant } of page.Grants)
      grants.push({
        id,
        grantee: grant.GranteeServicePrincipal ?? grant.GranteePrincipal ?? '',
        operations,
        sourceArn: grant.Constraints?.SourceArn,
      });
    if (++pages === MAX_PAGES) return { kind: 'grants', grants, isWhole: !page.NextMarker };
  }
  return { kind: 'grants', grants, isWhole: true };
}
