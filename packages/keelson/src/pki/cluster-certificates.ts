import type { CertificateSpec, LeafSpec, SubjectAltNames } from '@keelson/pki';

export interface ClusterNames {
  /** Names and addresses clients reach the API server under, beside those every cluster has. */
  readonly server: SubjectAltNames;
  /** First address of each service range: what pods call as `kubernetes`. */
  readonly serviceIps: readonly string[];
  /** Names and addresses of the etcd members; absent: no etcd certificates. */
  readonly etcd?: SubjectAltNames;
}

/** Everyone in it may do everything, whatever the authorization mode. */
const adminGroup = 'system:masters';

/** May read health, readiness and metrics, and nothing else. */
const monitoringGroup = 'system:monitoring';

const loopback: SubjectAltNames = { dns: ['localhost'], ips: ['127.0.0.1', '::1'] };

const kubernetesNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];

/** The certificates of a cluster, with the names and places kubeadm gives them. Authorities come before what they sign. */
export function clusterCertificates(names: ClusterNames): readonly CertificateSpec[] {
  const server = union(loopback, { dns: kubernetesNames, ips: names.serviceIps }, names.server);
  return [
    { kind: 'authority', path: 'ca', commonName: 'kubernetes' },
    { kind: 'leaf', path: 'apiserver', issuer: 'ca', commonName: 'kube-apiserver', usages: ['serverAuth'], altNames: server },
    client('apiserver-kubelet-client', 'ca', 'kube-apiserver-kubelet-client', adminGroup),
    client('admin', 'ca', 'kubernetes-admin', adminGroup),
    { ...client('healthcheck-client', 'ca', 'healthcheck-client', monitoringGroup), combined: true },
    { kind: 'authority', path: 'front-proxy-ca', commonName: 'front-proxy-ca' },
    client('front-proxy-client', 'front-proxy-ca', 'front-proxy-client'),
    ...(names.etcd === undefined ? [] : etcdCertificates(union(loopback, names.etcd))),
  ];
}

function etcdCertificates(altNames: SubjectAltNames): readonly CertificateSpec[] {
  // Members are clients of each other and of themselves, so server certificates carry both usages.
  const member = { kind: 'leaf', issuer: 'etcd/ca', usages: ['serverAuth', 'clientAuth'], altNames } as const;
  return [
    { kind: 'authority', path: 'etcd/ca', commonName: 'etcd-ca' },
    { ...member, path: 'etcd/server', commonName: 'etcd-server' },
    { ...member, path: 'etcd/peer', commonName: 'etcd-peer' },
    client('etcd/healthcheck-client', 'etcd/ca', 'kube-etcd-healthcheck-client'),
    client('apiserver-etcd-client', 'etcd/ca', 'kube-apiserver-etcd-client'),
  ];
}

function client(path: string, issuer: string, commonName: string, organization?: string): LeafSpec {
  const spec = { kind: 'leaf', path, issuer, commonName, usages: ['clientAuth'] } as const;
  return organization === undefined ? spec : { ...spec, organization };
}

function union(...sets: readonly SubjectAltNames[]): SubjectAltNames {
  return {
    dns: [...new Set(sets.flatMap(({ dns }) => dns))],
    ips: [...new Set(sets.flatMap(({ ips }) => ips))],
  };
}
