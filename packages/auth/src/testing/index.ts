export * from './https-server.js';
export * from './issue.js';
export * from './oidc-issuer.js';
export * from './review-webhook.js';
export * from './sample-signer.js';
