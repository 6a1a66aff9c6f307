import { hostname } from 'node:os';
import { altNames, firstServiceIp } from '@keelson/pki';
import type { ServiceOptions } from '../apiserver/options.js';
import { clusterCertificates } from './cluster-certificates.js';
import type { IssuedCertificate } from './ensure-certificates.js';
import { ensureCertificates, ensureServiceAccountKey } from './ensure-certificates.js';

export interface PkiRequest {
  readonly dir: string;
  /** Names and addresses of the API server beside the usual ones. */
  readonly serverHosts: readonly string[];
  readonly clusterIpRanges: ServiceOptions['clusterIpRanges'];
  /** Names and addresses of etcd members; absent: no etcd certificates. */
  readonly etcdHosts?: readonly string[];
}

/** Makes what is missing or no longer good of a cluster's certificates and keys. */
export async function preparePki({ dir, serverHosts, clusterIpRanges, etcdHosts }: PkiRequest): Promise<readonly IssuedCertificate[]> {
  const own = certifiableHostName();
  const specs = clusterCertificates({
    server: altNames([...own, ...serverHosts]),
    serviceIps: clusterIpRanges.map(firstServiceIp),
    ...(etcdHosts === undefined ? {} : { etcd: altNames([...own, ...etcdHosts]) }),
  });
  await ensureServiceAccountKey(dir);
  return ensureCertificates(dir, specs);
}

/** The host's name, unless it has characters that no DNS name may have. */
const certifiableHostName = (): string[] => [hostname()].filter((name) => /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(name));
