export * from './external-keys.js';
export * from './external-signer.js';
export { type ExternalSignerCalls, type ExternalSignerObserver, SignerClient } from './signer-client.js';
