/**
 * TLS options by which a peer is trusted whose certificate is among these, PEM, or was signed by one of them. As in Go, no
 * matter whether that is the certificate of a root authority: bundles with a server's own certificate are common.
 */
export function trusting(authorities: string) {
  return { ca: authorities, allowPartialTrustChain: true } as const;
}
