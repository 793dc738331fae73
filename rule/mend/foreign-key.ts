import { isUnknown, learned, type Facts } from '../model/facts.ts';
import { isBucketOwner } from '../sources/aws/bucket.ts';
import type { Across } from '../sources/aws/source.ts';
import { failed, type Failed } from './ending.ts';

/** The flow logs for which a key of another account is mended. A bucket can name any key, also a stranger's. */
export interface ForeignKeyChoice {
  /** The accounts of the flow logs; undefined leaves the decision to the owner of the bucket. */
  readonly accounts: readonly string[] | undefined;
  /** Accounts with buckets for flow logs of other accounts. */
  readonly archives: readonly string[];
}

/** The refusal to mend a key of another account for this flow log; undefined for an own key, and for an admitted flow log. */
export function foreignKeyRefusal(
  { flowLog, bucket, key }: Facts,
  choice: ForeignKeyChoice | undefined,
): Failed<'no'> | undefined {
  const known = learned(key);
  if (choice === undefined || known === undefined) return undefined;
  if (known.accountId === flowLog.accountId) return undefined;
  const foreign = `key ${known.arn} is of another account`;
  if (choice.accounts !== undefined)
    return choice.accounts.includes(flowLog.accountId)
      ? undefined
      : failed(`${foreign}, and remediationAccounts does not name account ${flowLog.accountId}`);
  const owner = learned(bucket)?.accountId;
  if (owner !== undefined && [known.accountId, ...choice.archives].includes(owner))
    return undefined;
  const name = learned(bucket)?.name ?? '';
  return failed(
    `${foreign}, and bucket ${name} is not known to be of that account or of an account in ownerAccounts: name account ${flowLog.accountId} in remediationAccounts, or the owner of the bucket in ownerAccounts`,
  );
}

/** The facts with the owner of the bucket, if the owner is the asking account, or counts for a key of another account. */
export async function withBucketOwner(
  facts: Facts,
  { archives }: ForeignKeyChoice,
  across: Across | undefined,
): Promise<Facts> {
  const bucket = learned(facts.bucket);
  if (across === undefined || bucket === undefined) return facts;
  const { name, region } = bucket;
  if (isUnknown(region)) return facts;
  const own = facts.flowLog.accountId;
  const keyOwner = learned(facts.key)?.accountId ?? own;
  for (const accountId of new Set([own, keyOwner, ...(keyOwner === own ? [] : archives)])) {
    const clients = await across.enter(accountId);
    if (isUnknown(clients)) continue;
    if (await isBucketOwner(name, { s3: clients.s3(region), accountId }))
      return { ...facts, bucket: { ...bucket, accountId } };
  }
  return facts;
}
