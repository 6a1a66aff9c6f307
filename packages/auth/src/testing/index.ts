export * from './issue.js';
export * from './oidc-issuer.js';
