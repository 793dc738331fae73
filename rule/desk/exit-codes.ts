/** The gravest wins: input that cannot be read, then blocked, then unknown. */
export const exitCodes = { fine: 0, blocked: 1, unreadable: 2, unknown: 3 } as const;
