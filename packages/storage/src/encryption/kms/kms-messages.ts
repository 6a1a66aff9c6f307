import { type Method, messagesOf } from '@keelson/grpc';

/** The gRPC API of key management plugins, version 2, and the envelope that values are stored in (KEP-3299). */
const message = messagesOf(
  `syntax = "proto3";
  package v2;
  message StatusRequest {}
  message StatusResponse { string version = 1; string healthz = 2; string keyId = 3; }
  message EncryptRequest { bytes plaintext = 1; string uid = 2; }
  message EncryptResponse { bytes ciphertext = 1; string keyId = 2; map<string, bytes> annotations = 3; }
  message DecryptRequest { bytes ciphertext = 1; string uid = 2; string keyId = 3; map<string, bytes> annotations = 4; }
  message DecryptResponse { bytes plaintext = 1; }
  message EncryptedObject {
    bytes encryptedData = 1;
    string keyId = 2;
    bytes encryptedDekSource = 3;
    map<string, bytes> annotations = 4;
    int32 encryptedDekSourceType = 5;
  }`,
);

export type Annotations = Readonly<Record<string, Buffer>>;

export interface StatusResponse {
  readonly version: string;
  readonly healthz: string;
  readonly keyId: string;
}

export interface EncryptResponse {
  readonly ciphertext: Buffer;
  readonly keyId: string;
  readonly annotations: Annotations;
}

export interface DecryptRequest {
  readonly ciphertext: Buffer;
  readonly uid: string;
  readonly keyId: string;
  readonly annotations: Annotations;
}

/** What a data encryption key is made of: the key itself, or a seed that a key for each value is derived from. */
export const SourceType = { key: 0, seed: 1 } as const;

export interface EncryptedObject {
  readonly encryptedData: Buffer;
  readonly keyId: string;
  readonly encryptedDekSource: Buffer;
  readonly annotations: Annotations;
  readonly encryptedDekSourceType: number;
}

interface EncryptRequest {
  readonly plaintext: Buffer;
  readonly uid: string;
}

const method = <Q, A>(name: string): Method<Q, A> => ({
  path: `/v2.KeyManagementService/${name}`,
  request: message(`${name}Request`),
  response: message(`${name}Response`),
});

export const kmsMethods = {
  status: method<Record<string, never>, StatusResponse>('Status'),
  encrypt: method<EncryptRequest, EncryptResponse>('Encrypt'),
  decrypt: method<DecryptRequest, { readonly plaintext: Buffer }>('Decrypt'),
};

export const encryptedObject = message<EncryptedObject>('EncryptedObject');
