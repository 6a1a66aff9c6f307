import { harmless, implemented, refused } from '../flag.js';
import { bool, duration, int, keyValues, oneOf, portRange, string, strings } from '../flag-type.js';

const second = 1000;
const hour = 3_600_000;

const kubelet = {
  'kubelet-certificate-authority': implemented(string, '', 'Authority of the serving certificates of kubelets.'),
  'kubelet-client-certificate': implemented(string, '', 'Client certificate shown to kubelets.'),
  'kubelet-client-key': implemented(string, '', 'Key of --kubelet-client-certificate.'),
  'kubelet-preferred-address-types': implemented(
    strings,
    ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'],
    'Types of node addresses, in the order they are tried.',
  ),
  'kubelet-timeout': harmless(duration, 5 * second, 'Time a kubelet has to answer.'),
} as const;

export const miscFlags = {
  title: 'Misc flags',
  flags: {
    ...kubelet,
    'aggregator-reject-forwarding-redirect': implemented(bool, true, 'Do not pass redirects of aggregated servers on to clients.'),
    'allow-privileged': implemented(bool, false, 'Admit privileged containers.'),
    'apiserver-count': harmless(int, 1, 'Servers in the cluster, for --endpoint-reconciler-type=master-count.'),
    'enable-aggregator-routing': implemented(bool, false, 'Send aggregated requests to endpoint addresses instead of the cluster IP.'),
    'enable-logs-handler': implemented(bool, false, 'Serve the files of /var/log under /logs.'),
    'endpoint-reconciler-type': implemented(
      oneOf('lease', 'master-count', 'none'),
      'lease',
      'How the endpoints of the kubernetes service are kept: lease, or none for not at all. master-count is not supported.',
    ),
    'event-ttl': implemented(duration, hour, 'How long events are kept.'),
    'kubernetes-service-node-port': refused(int, 0, 'Node port of the kubernetes service.', 'the kubernetes service is always a ClusterIP'),
    'max-connection-bytes-per-sec': harmless(int, 0, 'Bytes a second of a long-running connection.'),
    'peer-advertise-ip': harmless(string, '', 'Address under which other servers proxy requests to this one.'),
    'peer-advertise-port': harmless(string, '', 'Port under which other servers proxy requests to this one.'),
    'peer-ca-file': harmless(string, '', 'Authority of the serving certificates of other servers.'),
    'proxy-client-cert-file': implemented(string, '', 'Client certificate shown to aggregated servers.'),
    'proxy-client-key-file': implemented(string, '', 'Key of --proxy-client-cert-file.'),
    'service-dial-override': implemented(
      keyValues,
      new Map(),
      'Addresses that connections to services go to in place of their cluster IP, for a server outside of the cluster network: namespace/name[:port]=host:port[|host:port]. Of several, aggregated requests go to any.',
    ),
    'service-cluster-ip-range': implemented(
      string,
      '',
      'CIDR that cluster IPs of services come from; two, comma separated, for dual-stack. Empty: 10.0.0.0/24.',
    ),
    'service-node-port-range': implemented(
      portRange,
      { first: 30_000, last: 32_767 },
      'Ports that node ports of services come from, both ends included.',
    ),
  },
} as const;
