/** Pods as a cluster of web applications has them: 3.9 KB of JSON with status and managedFields, 2.7 KB of protobuf. */

export const NAMESPACES = 10;
/** A label selector on one application finds this many pods, spread over the namespaces. */
export const PODS_PER_APP = 10;
const NODES = 200;

export function namespaceName(index: number): string {
  return `bench-${index % NAMESPACES}`;
}

export function podName(index: number): string {
  return `web-7d4b9c6f5d-${String(index).padStart(6, '0')}`;
}

export function podPath(index: number): string {
  return `/api/v1/namespaces/${namespaceName(index)}/pods/${podName(index)}`;
}

export function appName(index: number): string {
  return `shop-${Math.floor(index / PODS_PER_APP)}`;
}

export function nodeName(index: number): string {
  return `node-${String(index % NODES).padStart(3, '0')}.cluster.example.com`;
}

export function podLabels(index: number): Record<string, string> {
  return {
    app: appName(index),
    'app.kubernetes.io/name': 'web',
    'pod-template-hash': '7d4b9c6f5d',
  };
}

/** What a controller would create. */
export function podManifest(namespace: string, name: string, labels: Record<string, string>, node: string | undefined): object {
  const env = ['LOG_LEVEL'].map((key) => ({ name: key, value: `${key.toLowerCase()}-value` }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' } },
    spec: {
      ...(node !== undefined && { nodeName: node }),
      serviceAccountName: 'default',
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'web',
          image: 'registry.example.com/shop/web:1.18.3',
          ports: [{ name: 'http', containerPort: 8080 }],
          env,
          resources: { requests: { cpu: '100m', memory: '128Mi' } },
        },
      ],
    },
  };
}

/** What its kubelet would report. */
export function podStatus(index: number): object {
  const startedAt = '2026-01-05T10:00:07Z';
  const condition = (type: string) => ({ type, status: 'True', lastTransitionTime: startedAt });
  const ip = `10.244.${(index >> 8) & 255}.${index & 255}`;
  return {
    phase: 'Running',
    conditions: ['Initialized', 'Ready', 'PodScheduled'].map(condition),
    hostIP: '192.168.10.17',
    hostIPs: [{ ip: '192.168.10.17' }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: '2026-01-05T10:00:01Z',
    containerStatuses: [
      {
        name: 'web',
        image: 'registry.example.com/shop/web:1.18.3',
        imageID: 'registry.example.com/shop/web@sha256:5f1d2ae1ad1f5a3d6ca4d1a6d5b33cf9a1c0c1e7d1b2a3f4e5d6c7b8a9f0e1d2',
        containerID: 'containerd://9c1e7d1b2a3f4e5d6c7b8a9f0e1d25f1d2ae1ad1f5a3d6ca4d1a6d5b33cf9a1c0',
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt } },
        lastState: {},
      },
    ],
  };
}
