import { type Method, messagesOf } from '@keelson/grpc';

/** The gRPC API of external signers of service account tokens (KEP-740). Texts are parts of a JSON Web Token as they stand in it. */
const message = messagesOf(
  `syntax = "proto3";
  package v1;
  message SignJWTRequest { string claims = 1; }
  message SignJWTResponse { string header = 1; string signature = 2; }
  message FetchKeysRequest {}
  message FetchKeysResponse { repeated Key keys = 1; Timestamp data_timestamp = 2; int64 refresh_hint_seconds = 3; }
  message Key { string key_id = 1; bytes key = 2; bool exclude_from_oidc_discovery = 3; }
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  message MetadataRequest {}
  message MetadataResponse { int64 max_token_expiration_seconds = 1; }`,
);

export interface SignResponse {
  readonly header: string;
  readonly signature: string;
}

/** A public key, as SubjectPublicKeyInfo (PKIX). */
export interface SignerKey {
  readonly keyId: string;
  readonly key: Buffer;
  readonly excludeFromOidcDiscovery: boolean;
}

export interface FetchKeysResponse {
  readonly keys: readonly SignerKey[];
  /** When the signer learned of them. */
  readonly dataTimestamp: { readonly seconds: number; readonly nanos: number } | null;
  /** When to ask again. */
  readonly refreshHintSeconds: number;
}

export interface MetadataResponse {
  readonly maxTokenExpirationSeconds: number;
}

type Empty = Readonly<Record<string, never>>;

const method = <Q, A>(name: string, messages: string): Method<Q, A> => ({
  path: `/v1.ExternalJWTSigner/${name}`,
  request: message(`${messages}Request`),
  response: message(`${messages}Response`),
});

export const signerMethods = {
  sign: method<{ readonly claims: string }, SignResponse>('Sign', 'SignJWT'),
  fetchKeys: method<Empty, FetchKeysResponse>('FetchKeys', 'FetchKeys'),
  metadata: method<Empty, MetadataResponse>('Metadata', 'Metadata'),
};
