import type { JsonObject } from '@keelson/machinery';
import type { TokenKeys, VerificationKey } from './verification-keys.js';

export const openIdConfigurationPath = '/.well-known/openid-configuration';
export const keySetPath = '/openid/v1/jwks';

export interface OpenIdOptions {
  /** The first `--service-account-issuer`. */
  readonly issuer: string;
  /** `--service-account-jwks-uri`: where relying parties find the keys; absent: at this server. */
  readonly keySetUri?: string | undefined;
  /** Host, perhaps with a port, under which others reach this server. */
  readonly externalAddress: string;
  readonly keys: TokenKeys;
}

/** What relying parties learn of the issuer of service account tokens (KEP-1393). */
export interface OpenIdDocuments {
  readonly configuration: JsonObject;
  readonly keySet: JsonObject;
}

/** Throws when the issuer is none that OpenID Connect Discovery 1.0 knows, or has no keys. */
export function openIdDocuments({ issuer, keySetUri, externalAddress, keys }: OpenIdOptions): OpenIdDocuments {
  checkIssuer(issuer);
  const published = keys.all.filter(({ unpublished }) => !unpublished);
  if (published.length === 0) throw new Error('no keys provided for validating keyset');
  const algorithms = new Set(published.map(({ algorithms: [algorithm] }) => algorithm));
  return {
    configuration: {
      issuer,
      jwks_uri: keySetUri ?? `https://${externalAddress}${keySetPath}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...algorithms].sort(),
    },
    keySet: { keys: published.map(publicJwk) },
  };
}

function checkIssuer(issuer: string): void {
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') throw new Error(`issuer URL must use https scheme, got: ${issuer}`);
  if (issuer.includes('?')) throw new Error(`issuer URL may not include a query, got: ${issuer}`);
  if (issuer.includes('#')) throw new Error(`issuer URL may not include a fragment, got: ${issuer}`);
}

/** A key as RFC 7517 writes it, its members in the order in which Kubernetes has them. */
function publicJwk({ id, key, algorithms: [alg] }: VerificationKey): JsonObject {
  const { kty = '', crv, ...numbers } = key.export({ format: 'jwk' });
  return { use: 'sig', kty, kid: id, ...(crv !== undefined && { crv }), alg, ...numbers } as JsonObject;
}
