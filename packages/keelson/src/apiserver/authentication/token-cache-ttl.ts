/** How long it may go unseen that a token is no longer good. */
export const tokenCacheTtlMs = 10_000;
