/** Flow logs that somebody decided to do without, for a reason and until a day. */
export interface Exemption {
  readonly pattern: ExemptionPattern;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it counts, in UTC, such as `2027-01-31`. */
  readonly expires: string;
}

/** The flow logs of which all holds that is given; `*` and `?` are wildcards, but not in an account or the name of a tag. */
export interface ExemptionPattern {
  /** Its id. */
  readonly flowLog?: string | undefined;
  /** The name of the bucket that it delivers to. */
  readonly bucket?: string | undefined;
  /** The ARN of the key behind that bucket. */
  readonly key?: string | undefined;
  readonly account?: string | undefined;
  readonly tag?: { readonly name: string; readonly value: string } | undefined;
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether its last day is over; what is no day is over. */
export const isExpired = ({ expires }: Exemption, now: Date): boolean =>
  !(now.getTime() < Date.parse(expires) + DAY);

/** The exemption by what it names, its owner and its last day, for those who have to renew it. */
export function exemptionInWords({ pattern, owner, expires }: Exemption): string {
  const { tag, ...others } = pattern;
  const named = Object.entries(others).filter(([, value]) => value !== undefined);
  const words = named.map(([name, value]) => `${name} ${value}`);
  if (tag !== undefined) words.push(`tag ${tag.name}=${tag.value}`);
  return `${words.join(', ')} (owner: ${owner}) until ${expires}`;
}
