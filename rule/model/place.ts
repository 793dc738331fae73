/** An account and a Region. */
export interface Place {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
}

/** The place as text, to tell places apart. */
export const placeName = ({ accountId, region }: Place): string => `${accountId}/${region}`;
