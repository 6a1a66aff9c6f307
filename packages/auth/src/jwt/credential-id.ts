/** How requests name the token that they came with, by its `jti` claim. */
export function credentialIdOf(tokenId: string): string {
  return `JTI=${tokenId}`;
}
