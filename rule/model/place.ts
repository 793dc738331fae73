/** An account and a Region. */
export interface Place {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
}

/** The place as one text, to tell places apart by. */
export const placeName = ({ accountId, region }: Place): string => `${accountId}/${region}`;
