/** What Kubernetes spells differently inside than by raising the first letter. */
const names: Readonly<Record<string, string>> = {
  apiGroup: 'APIGroup',
  apiGroups: 'APIGroups',
  apiVersion: 'APIVersion',
  apiVersions: 'APIVersions',
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cel: 'CEL',
  cephfs: 'CephFS',
  cidrs: 'CIDRs',
  chapAuthDiscovery: 'DiscoveryCHAPAuth',
  chapAuthSession: 'SessionCHAPAuth',
  csi: 'CSI',
  diskURI: 'DataDiskURI',
  dnsConfig: 'DNSConfig',
  dnsPolicy: 'DNSPolicy',
  fc: 'FC',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  fsType: 'FSType',
  gcePersistentDisk: 'GCEPersistentDisk',
  gmsaCredentialSpec: 'GMSACredentialSpec',
  gmsaCredentialSpecName: 'GMSACredentialSpecName',
  grpc: 'GRPC',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  iqn: 'IQN',
  iscsi: 'ISCSI',
  iscsiInterface: 'ISCSIInterface',
  jsonPath: 'JSONPath',
  nfs: 'NFS',
  os: 'OS',
  pdName: 'PDName',
  pkixPublicKey: 'PKIXPublicKey',
  rbd: 'RBD',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  sslEnabled: 'SSLEnabled',
  storageos: 'StorageOS',
  tcpSocket: 'TCPSocket',
  tty: 'TTY',
  uid: 'UID',
  url: 'URL',
  wwids: 'WWIDs',
};

const rbdNames = { monitors: 'CephMonitors', image: 'RBDImage', pool: 'RBDPool', user: 'RadosUser' };
const glusterNames = { endpoints: 'EndpointsName' };

const schemaNames = {
  id: 'ID',
  $schema: 'Schema',
  $ref: 'Ref',
  'x-kubernetes-preserve-unknown-fields': 'XPreserveUnknownFields',
  'x-kubernetes-embedded-resource': 'XEmbeddedResource',
  'x-kubernetes-int-or-string': 'XIntOrString',
  'x-kubernetes-list-map-keys': 'XListMapKeys',
  'x-kubernetes-list-type': 'XListType',
  'x-kubernetes-map-type': 'XMapType',
  'x-kubernetes-validations': 'XValidations',
};

/** Names that mean something else elsewhere, by message. */
const namesInMessage: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'core.v1.Event': { reportingComponent: 'ReportingController' },
  'apiextensions.v1.JSONSchemaProps': schemaNames,
  'core.v1.GlusterfsPersistentVolumeSource': glusterNames,
  'core.v1.GlusterfsVolumeSource': glusterNames,
  'core.v1.RBDPersistentVolumeSource': rbdNames,
  'core.v1.RBDVolumeSource': rbdNames,
};

/** The name that a JSON field of a message has inside Kubernetes. */
export function internalName(message: string, field: string): string {
  return namesInMessage[message]?.[field] ?? names[field] ?? field.charAt(0).toUpperCase() + field.slice(1);
}

/** What stands in another place inside: the fields that follow a field there. */
const moved: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'apiextensions.v1.CustomResourceDefinitionVersion': { storage: ['deprecated', 'deprecationWarning'] },
  'apiextensions.v1.JSONSchemaProps': { type: ['nullable'] },
  'core.v1.PersistentVolumeSource': { rbd: ['quobyte'], iscsi: ['flexVolume'], fc: ['flocker'] },
  'core.v1.PodSecurityContext': { fsGroup: ['fsGroupChangePolicy'] },
  'core.v1.PodSpec': {
    subdomain: ['setHostnameAsFQDN'],
    priority: ['preemptionPolicy'],
    runtimeClassName: ['overhead'],
  },
  'core.v1.VolumeSource': { rbd: ['quobyte'] },
};

/** What is no field of its message inside. */
const absent: Readonly<Record<string, readonly string[]>> = {
  'core.v1.PodSpec': ['serviceAccount', 'hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'],
};

/** The fields of a message in the order they have inside Kubernetes. */
export function internalOrder<F extends { readonly name: string }>(message: string, fields: readonly F[]): readonly F[] {
  const after = moved[message];
  if (after === undefined) return fields;
  const elsewhere = new Set([...Object.values(after).flat(), ...(absent[message] ?? [])]);
  const follow = (field: F): F[] => [field, ...fields.filter(({ name }) => after[field.name]?.includes(name))];
  return fields.filter(({ name }) => !elsewhere.has(name)).flatMap(follow);
}
