import { readFileSync } from 'node:fs';
import { type ClaimsSigner, LegacyTokenIssuer } from '@keelson/auth';
import {
  ClusterRoleAggregation,
  DefaultServiceAccounts,
  ResourceQuotaController,
  RootCaPublisher,
  TokenSecrets,
  ValidatingPolicyStatus,
} from '@keelson/controllers';
import type { ApiServer } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import type { ControllerName, ControllerOptions } from '../options.js';
import type { Controller } from './control-loops.js';

/** Who owns what these write, here as there. */
const manager = 'kube-controller-manager';

/** What those of service accounts need. */
export interface ServiceAccountControllerParts {
  readonly signer: ClaimsSigner | undefined;
  /** Certificates by which pods know this server, PEM; '' where nobody publishes them. */
  readonly authority: string;
}

/** The controllers of kube-controller-manager that were asked for. */
export function managerControllers(
  { loopback, objects, served, instruments: { queues } }: ApiServer,
  names: readonly ControllerName[],
  { signer, authority }: ServiceAccountControllerParts,
  onFailure: (error: unknown) => void,
): Controller[] {
  const access = { objects, client: loopback.as(manager), onFailure, queues };
  const hasRoles = served.some(({ group }) => group === 'rbac.authorization.k8s.io');
  const make: Readonly<Record<ControllerName, () => Controller | undefined>> = {
    'serviceaccount-controller': () => new DefaultServiceAccounts(access),
    'root-ca-certificate-publisher-controller': () => new RootCaPublisher(access, authority),
    'serviceaccount-token-controller': () => signer && new TokenSecrets(access, { issuer: new LegacyTokenIssuer(signer), authority }),
    'resourcequota-controller': () => new ResourceQuotaController(access.client, onFailure),
    'clusterrole-aggregation-controller': () => (hasRoles ? new ClusterRoleAggregation(access) : undefined),
    'validatingadmissionpolicy-status-controller': () => new ValidatingPolicyStatus(access),
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
