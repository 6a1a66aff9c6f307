import { hostname } from 'node:os';
import type { Log } from '@keelson/machinery';
import { CertificateFiles } from '../certificates/certificate-files.js';
import { OwnAuthority } from '../certificates/own-authority.js';
import { SecretAuthority } from '../certificates/secret-authority.js';
import { type CertificateSource, SignedCertificates } from '../certificates/serving-certificate.js';
import type { Cluster } from '../cluster/cluster.js';
import { type ServiceReference, serviceHosts } from '../registration/service-reference.js';
import type { ServeOptions } from './serve-options.js';

/** A host name as certificates can have it. */
const HOST_NAME = /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i;

/** Where serving certificates come from: the files that are named, or an authority, which replicas in a cluster share. */
export function certificateSource(
  { certificates }: ServeOptions,
  service: ServiceReference,
  cluster: Cluster | undefined,
  log: Log,
): CertificateSource {
  if (certificates !== undefined) return new CertificateFiles(certificates, log);
  const hosts = [...serviceHosts(service), 'localhost', '127.0.0.1', '::1', hostname()].filter(
    (host) => host.includes(':') || HOST_NAME.test(host),
  );
  const name = `${service.name}-serving-ca`;
  return new SignedCertificates(
    cluster === undefined ? new OwnAuthority(name) : new SecretAuthority(cluster, service.namespace, name),
    hosts,
  );
}
