import { readFileSync } from 'node:fs';
import { LegacyTokenIssuer } from '@keelson/auth';
import { DefaultServiceAccounts, RootCaPublisher, TokenSecrets } from '@keelson/controllers';
import type { ApiServer } from '@keelson/server';
import type { ControllerName, ControllerOptions } from './options.js';
import type { ServiceAccountKeys } from './service-accounts.js';

/** Who owns what these write, here as there. */
const manager = 'kube-controller-manager';

/** The controllers of kube-controller-manager that were asked for. */
export function serviceAccountControllers(
  { loopback, objects }: ApiServer,
  { names, rootCaFile }: ControllerOptions,
  { signer }: ServiceAccountKeys,
  onFailure: (error: unknown) => void,
): (DefaultServiceAccounts | RootCaPublisher | TokenSecrets)[] {
  const client = loopback.as(manager);
  const authority = rootCaFile === undefined ? '' : readFileSync(rootCaFile, 'utf8');
  const make: Readonly<Record<ControllerName, () => DefaultServiceAccounts | RootCaPublisher | TokenSecrets | undefined>> = {
    'serviceaccount-controller': () => new DefaultServiceAccounts(objects, client, onFailure),
    'root-ca-certificate-publisher-controller': () => new RootCaPublisher(objects, client, authority, onFailure),
    'serviceaccount-token-controller': () =>
      signer && new TokenSecrets({ objects, client, issuer: new LegacyTokenIssuer(signer), authority, onFailure }),
  };
  return names.flatMap((name) => make[name]() ?? []);
}
