const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates of some PEM texts, each once, in their order. */
export function joinBundles(...bundles: readonly string[]): string {
  const all = new Set(bundles.flatMap((bundle) => bundle.match(CERTIFICATE) ?? []));
  return [...all].map((pem) => `${pem}\n`).join('');
}
