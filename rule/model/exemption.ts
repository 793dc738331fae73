/** A decision to leave flow logs unjudged, for a reason and until a day. */
export interface Exemption {
  readonly pattern: ExemptionPattern;
  readonly reason: string;
  readonly owner: string;
  /** The last day of the exemption, in UTC, like `2027-01-31`. */
  readonly expires: string;
}

/** Matches flow logs by all properties given. `*` and `?` are wildcards, except in an account or the name of a tag. */
export interface ExemptionPattern {
  /** The id of the flow log. */
  readonly flowLog?: string | undefined;
  /** The name of the destination bucket. */
  readonly bucket?: string | undefined;
  /** The ARN of the key behind the bucket. */
  readonly key?: string | undefined;
  readonly account?: string | undefined;
  readonly tag?: { readonly name: string; readonly value: string } | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether the last day is over. A text other than a day counts as over. */
export const isExpired = ({ expires }: Exemption, now: Date): boolean =>
  !(now.getTime() < Date.parse(expires) + DAY_MS);

/** The exemption by pattern, owner and last day, for the owner to renew. */
export function exemptionInWords({ pattern, owner, expires }: Exemption): string {
  const { tag, ...others } = pattern;
  const named = Object.entries(others).filter(([, value]) => value !== undefined);
  const words = named.map(([name, value]) => `${name} ${value}`);
  if (tag !== undefined) words.push(`tag ${tag.name}=${tag.value}`);
  return `${words.join(', ')} (owner: ${owner}) until ${expires}`;
}
