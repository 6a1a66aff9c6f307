// A pod as a running cluster holds it: scheduled, running, with an injected token volume and two managers.

/** The set of fields a manager owns, in its wire form, from dotted paths. */
function fieldSet(...paths) {
  const set = {};
  for (const path of paths) {
    let at = set;
    for (const part of path.split('/')) at = at[part] ??= {};
  }
  return set;
}

const created = '2025-03-14T09:26:53Z';
const started = '2025-03-14T09:26:58Z';

const condition = (type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: started });

const container = {
  name: 'web',
  image: 'registry.example.com/shop/web:1.27.3',
  command: ['/usr/local/bin/web', '--listen=:8080'],
  ports: [
    { name: 'http', containerPort: 8080, protocol: 'TCP' },
    { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
  ],
  env: [
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
    { name: 'LOG_LEVEL', value: 'info' },
  ],
  resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
  volumeMounts: [
    { name: 'config', readOnly: true, mountPath: '/etc/web' },
    { name: 'kube-api-access-x7k2p', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ],
  livenessProbe: {
    httpGet: { path: '/livez', port: 'http', scheme: 'HTTP' },
    initialDelaySeconds: 5,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  },
  readinessProbe: {
    httpGet: { path: '/readyz', port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, allowPrivilegeEscalation: false },
};

const tokenVolume = {
  name: 'kube-api-access-x7k2p',
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 420,
  },
};

const specFields = fieldSet(
  'f:metadata/f:generateName',
  'f:metadata/f:labels/f:app',
  'f:metadata/f:labels/f:pod-template-hash',
  'f:metadata/f:ownerReferences/k:{"uid":"3f0c7e0a-6c7f-4ad8-9d2b-0a4b7a1c9e55"}',
  'f:spec/f:containers/k:{"name":"web"}/f:image',
  'f:spec/f:containers/k:{"name":"web"}/f:resources/f:limits/f:cpu',
  'f:spec/f:containers/k:{"name":"web"}/f:ports/k:{"containerPort":8080,"protocol":"TCP"}/f:name',
  'f:spec/f:dnsPolicy',
  'f:spec/f:restartPolicy',
);
const statusFields = fieldSet(
  'f:status/f:conditions/k:{"type":"Ready"}/f:status',
  'f:status/f:containerStatuses',
  'f:status/f:hostIP',
  'f:status/f:phase',
  'f:status/f:podIP',
  'f:status/f:startTime',
);

/** The pod without TypeMeta, in canonical form. */
export const realisticPod = {
  metadata: {
    name: 'web-5d8f7c9b64-q2x8v',
    generateName: 'web-5d8f7c9b64-',
    namespace: 'shop',
    uid: 'd0f5c1a2-58b3-4f0b-8f5e-7b6f6f0d1c11',
    resourceVersion: '48213377',
    generation: 1,
    creationTimestamp: created,
    labels: { app: 'web', 'pod-template-hash': '5d8f7c9b64', tier: 'frontend' },
    annotations: { 'example.com/checksum': 'b1946ac92492d2347c6235b4d2611184', 'prometheus.io/scrape': 'true' },
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'web-5d8f7c9b64',
        uid: '3f0c7e0a-6c7f-4ad8-9d2b-0a4b7a1c9e55',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    managedFields: [
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        apiVersion: 'v1',
        time: created,
        fieldsType: 'FieldsV1',
        fieldsV1: specFields,
      },
      {
        manager: 'kubelet',
        operation: 'Update',
        apiVersion: 'v1',
        time: started,
        fieldsType: 'FieldsV1',
        fieldsV1: statusFields,
        subresource: 'status',
      },
    ],
  },
  spec: {
    volumes: [{ name: 'config', configMap: { name: 'web-config', defaultMode: 420 } }, tokenVolume],
    containers: [container],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'web',
    serviceAccount: 'web',
    nodeName: 'node-17.example.com',
    securityContext: { runAsUser: 1000, fsGroup: 2000 },
    schedulerName: 'default-scheduler',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  },
  status: {
    phase: 'Running',
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
    hostIP: '10.20.0.17',
    hostIPs: [{ ip: '10.20.0.17' }],
    podIP: '10.244.3.41',
    podIPs: [{ ip: '10.244.3.41' }],
    startTime: created,
    containerStatuses: [
      {
        name: 'web',
        state: { running: { startedAt: started } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: 'registry.example.com/shop/web:1.27.3',
        imageID: 'registry.example.com/shop/web@sha256:0d3a1c2f5b6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708',
        containerID: 'containerd://7b2d1f0e9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a29',
        started: true,
      },
    ],
    qosClass: 'Burstable',
  },
};
