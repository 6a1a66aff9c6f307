import type { AuthenticatorChain } from '@keelson/auth';
import type { Egress, ObjectAccess } from '@keelson/machinery';
import type { Instruments, Log, TlsMaterial } from '@keelson/server';
import { readRootAuthority } from '../controllers/manager-controllers.js';
import type { ApiServerOptions } from '../options.js';
import { buildAuthenticator } from './build-authenticator.js';
import { openJwtAuthentication } from './jwt-authentication.js';
import { openServiceAccountKeys, type ServiceAccountKeys } from './open-service-account-keys.js';
import { openTokenWebhook } from './open-token-webhook.js';
import { PeerAuthorities } from './peer-authorities.js';

/** What authentication is opened with. */
export interface AuthenticationParts {
  readonly objects: ObjectAccess;
  readonly metrics: Instruments['authentication'];
  readonly egress: Egress;
  readonly log: Log;
}

/** Who asks: the authenticators that the options switch on, and what stands behind them. */
export interface Authentication {
  readonly authenticator: AuthenticatorChain;
  readonly peers: PeerAuthorities;
  readonly serviceAccountKeys: ServiceAccountKeys;
  /** What tokens of service accounts are made with, for the loops that make them. */
  readonly serviceAccounts: { readonly signer: ServiceAccountKeys['signer']; readonly authority: ReturnType<typeof readRootAuthority> };
  start(): void;
  close(): void;
}

export async function openAuthentication(
  { authentication: options, controllers, features, egressConfigurationFile }: ApiServerOptions,
  tls: TlsMaterial,
  { objects, metrics, egress, log }: AuthenticationParts,
): Promise<Authentication> {
  const peers = new PeerAuthorities(options, tls);
  const serviceAccountKeys = await openServiceAccountKeys(options.serviceAccount, metrics, log);
  const serviceAccounts = { signer: serviceAccountKeys.signer, authority: readRootAuthority(controllers) };
  const jwt = openJwtAuthentication(options, {
    metrics,
    egress: egressConfigurationFile === undefined ? undefined : egress,
    features,
    log,
  });
  const tokenWebhook = await openTokenWebhook(options, egress, log);
  return {
    authenticator: buildAuthenticator(options, { peers, serviceAccountKeys, jwt, tokenWebhook, objects, features, metrics, log }),
    peers,
    serviceAccountKeys,
    serviceAccounts,
    start: () => jwt?.start(),
    close() {
      jwt?.close();
      serviceAccountKeys.close();
    },
  };
}
