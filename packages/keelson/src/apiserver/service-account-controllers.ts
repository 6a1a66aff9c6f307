import { readFileSync } from 'node:fs';
import { LegacyTokenIssuer, type TokenSigner } from '@keelson/auth';
import { DefaultServiceAccounts, RootCaPublisher, TokenSecrets } from '@keelson/controllers';
import type { ApiServer } from '@keelson/server';
import { FlagError } from '../flags/flag-error.js';
import type { ControllerName, ControllerOptions } from './options.js';

/** Who owns what these write, here as there. */
const manager = 'kube-controller-manager';

export interface ServiceAccountControllerParts {
  readonly signer: TokenSigner | undefined;
  /** Certificates by which pods know this server, PEM; '' where nobody publishes them. */
  readonly authority: string;
}

/** The controllers of kube-controller-manager that were asked for. */
export function serviceAccountControllers(
  { loopback, objects }: ApiServer,
  names: readonly ControllerName[],
  { signer, authority }: ServiceAccountControllerParts,
  onFailure: (error: unknown) => void,
): (DefaultServiceAccounts | RootCaPublisher | TokenSecrets)[] {
  const access = { objects, client: loopback.as(manager), onFailure };
  const make: Readonly<Record<ControllerName, () => DefaultServiceAccounts | RootCaPublisher | TokenSecrets | undefined>> = {
    'serviceaccount-controller': () => new DefaultServiceAccounts(access),
    'root-ca-certificate-publisher-controller': () => new RootCaPublisher(access, authority),
    'serviceaccount-token-controller': () => signer && new TokenSecrets(access, { issuer: new LegacyTokenIssuer(signer), authority }),
  };
  return names.flatMap((name) => make[name]() ?? []);
}

/** Reads `--root-ca-file`; '' when there is none. */
export function readRootAuthority({ rootCaFile }: ControllerOptions): string {
  try {
    return rootCaFile === undefined ? '' : readFileSync(rootCaFile, 'utf8');
  } catch (error) {
    throw new FlagError(`--root-ca-file: ${(error as Error).message}`, { cause: error });
  }
}
