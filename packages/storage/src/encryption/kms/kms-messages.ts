import protobuf from 'protobufjs';

/** The gRPC API of key management plugins, version 2, and the envelope that values are stored in (KEP-3299). */
const { root } = protobuf.parse(
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

export interface Message<T> {
  encode(message: T): Buffer;
  decode(bytes: Uint8Array): T;
}

function message<T>(name: string): Message<T> {
  const type = root.lookupType(`v2.${name}`);
  return {
    encode: (given) => Buffer.from(type.encode(type.fromObject(given as Record<string, unknown>)).finish()),
    decode: (bytes) => type.toObject(type.decode(bytes), { defaults: true, bytes: Buffer }) as T,
  };
}

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

export const statusRequest = message<Record<string, never>>('StatusRequest');
export const statusResponse = message<StatusResponse>('StatusResponse');
export const encryptRequest = message<{ readonly plaintext: Buffer; readonly uid: string }>('EncryptRequest');
export const encryptResponse = message<EncryptResponse>('EncryptResponse');
export const decryptRequest = message<DecryptRequest>('DecryptRequest');
export const decryptResponse = message<{ readonly plaintext: Buffer }>('DecryptResponse');
export const encryptedObject = message<EncryptedObject>('EncryptedObject');
