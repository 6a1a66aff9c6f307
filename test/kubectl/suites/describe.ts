import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../support/kubectl.js';
import { describedLines } from '../../support/kubectl-text.js';
import { waitUntil } from '../../support/wait-until.js';
import { configMap, deployment, list, pod } from '../manifests.js';
import { useNamespace } from '../use-namespace.js';

/** `kubectl describe` reads an object with its events and all that belongs to it. */
export function describeSuite(admin: () => Kubectl): void {
  describe('describe', () => {
    const kubectl = useNamespace(admin, 'describe');
    const lines = async (...args: string[]) => describedLines(await kubectl().ok(['describe', ...args]));
    const node = () => `node-${kubectl().program.version.replace('.', '-')}`;

    beforeAll(async () => {
      const objects = list(
        configMap('settings', { colour: 'blue' }, { tier: 'front' }),
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, type: 'Opaque', stringData: { password: 'secret' } },
        deployment('web', 2),
        { ...pod('box', { run: 'box' }), metadata: { name: 'box', labels: { run: 'box' }, annotations: { note: 'first' } } },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
        },
        { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'limits' }, spec: { hard: { pods: '9' } } },
        { apiVersion: 'v1', kind: 'Node', metadata: { name: node(), labels: { zone: 'a' } }, spec: { podCIDR: '10.1.0.0/24' } },
      );
      await kubectl().ok(['create', '--filename=-'], { input: objects });
      await quotaUse(kubectl());
    });

    it('a config map', async () => {
      expect((await lines('configmap', 'settings')).filter((line) => line !== 'BinaryData' || !kubectl().isAtLeast('1.21'))).toEqual(
        expect.arrayContaining([
          'Name: settings',
          `Namespace: ${kubectl().namespace}`,
          'Labels: tier=front',
          'Annotations: <none>',
          'colour:',
          'blue',
          'Events: <none>',
        ]),
      );
    });

    it('a secret, without what is in it', async () => {
      expect(await lines('secret', 'key')).toEqual([
        'Name: key',
        `Namespace: ${kubectl().namespace}`,
        'Labels: <none>',
        'Annotations: <none>',
        'Type: Opaque',
        'Data',
        '====',
        'password: 6 bytes',
      ]);
    });

    it('a deployment', async () => {
      const described = await lines('deployment', 'web');
      expect(described.slice(0, 2)).toEqual(['Name: web', `Namespace: ${kubectl().namespace}`]);
      expect(described[2]).toMatch(/^CreationTimestamp: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
      const ownLines = described.slice(3).filter((line) => !/^(OldReplicaSets|NewReplicaSet|Node-Selectors|Tolerations):/.test(line));
      expect(ownLines).toEqual([
        'Labels: app=web',
        'Annotations: <none>',
        'Selector: app=web',
        'Replicas: 2 desired | 0 updated | 0 total | 0 available | 0 unavailable',
        'StrategyType: RollingUpdate',
        'MinReadySeconds: 0',
        'RollingUpdateStrategy: 25% max unavailable, 25% max surge',
        'Pod Template:',
        'Labels: app=web',
        'Containers:',
        'server:',
        'Image: nginx:1.27',
        'Port: <none>',
        'Host Port: <none>',
        'Environment: <none>',
        'Mounts: <none>',
        'Volumes: <none>',
        'Events: <none>',
      ]);
    });

    it('a pod with its events', async () => {
      const { metadata } = await kubectl().json<{ metadata: { uid: string } }>(['get', 'pod', 'box']);
      await kubectl().ok(['create', '--filename=-'], { input: eventFor('Pod', 'box', kubectl().namespace, metadata.uid) });
      const described = await lines('pod', 'box');
      const own = described.filter((line) => !/^Service Account:/.test(line));
      expect(own).toEqual([
        'Name: box',
        `Namespace: ${kubectl().namespace}`,
        'Priority: 0',
        'Node: <none>',
        'Labels: run=box',
        'Annotations: note: first',
        'Status: Pending',
        'IP:',
        'IPs: <none>',
        'Containers:',
        'main:',
        'Image: busybox:1.36',
        'Port: <none>',
        'Host Port: <none>',
        'Environment: <none>',
        'Mounts: <none>',
        'Volumes: <none>',
        'QoS Class: BestEffort',
        'Node-Selectors: <none>',
        ...tolerationLines(kubectl()),
        'Events:',
        'Type Reason Age From Message',
        '---- ------ ---- ---- -------',
        expect.stringMatching(/^Warning FailedScheduling \S+ scheduler no node fits$/),
      ]);
    });

    it('a service', async () => {
      const { spec } = await kubectl().json<{ spec: { clusterIP: string } }>(['get', 'service', 'web']);
      const described = await lines('service', 'web');
      expect(described.filter((line) => !/^(Internal Traffic Policy|IP Families):/.test(line))).toEqual([
        'Name: web',
        `Namespace: ${kubectl().namespace}`,
        'Labels: <none>',
        'Annotations: <none>',
        'Selector: app=web',
        'Type: ClusterIP',
        'IP Family Policy: SingleStack',
        `IP: ${spec.clusterIP}`,
        `IPs: ${spec.clusterIP}`,
        'Port: http 80/TCP',
        'TargetPort: 8080/TCP',
        expect.stringMatching(/^Endpoints:( <none>)?$/),
        'Session Affinity: None',
        'Events: <none>',
      ]);
    });

    it('a namespace with its quotas', async () => {
      const described = await lines('namespace', kubectl().namespace ?? '');
      expect(described).toEqual([
        `Name: ${kubectl().namespace}`,
        `Labels: kubernetes.io/metadata.name=${kubectl().namespace}`,
        'Annotations: <none>',
        'Status: Active',
        'Resource Quotas',
        'Name: limits',
        'Resource Used Hard',
        '-------- --- ---',
        'pods 1 9',
        'No LimitRange resource.',
      ]);
    });

    it('a node', async () => {
      const described = await lines('node', node());
      expect(described.slice(0, 4)).toEqual([`Name: ${node()}`, 'Roles: <none>', 'Labels: zone=a', 'Annotations: <none>']);
      expect(described).toEqual(
        expect.arrayContaining([
          'Taints: node.kubernetes.io/not-ready:NoSchedule',
          'Unschedulable: false',
          'Non-terminated Pods: (0 in total)',
          'Allocated resources:',
          'Events: <none>',
        ]),
      );
    });

    it('says what is not there', async () => {
      expect(await kubectl().run(['describe', 'configmap', 'nope'])).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Error from server (NotFound): configmaps "nope" not found\n',
      });
    });
  });
}

/** Quotas are measured soon after something has changed: one pod there is. */
async function quotaUse(kubectl: Kubectl): Promise<void> {
  const used = () => kubectl.ok(['get', 'resourcequota', 'limits', '--output=jsonpath={.status.used.pods}']);
  await waitUntil('the quota to be measured', async () => (await used()) === '1');
}

function tolerationLines(kubectl: Kubectl): string[] {
  const tolerations = [
    'node.kubernetes.io/not-ready:NoExecute op=Exists for 300s',
    'node.kubernetes.io/unreachable:NoExecute op=Exists for 300s',
  ];
  const [first = '', ...rest] = kubectl.isAtLeast('1.19') ? tolerations : tolerations.map((line) => line.replace(' op=Exists', ''));
  return [`Tolerations: ${first}`, ...rest];
}

function eventFor(kind: string, name: string, namespace: string | undefined, uid: string): object {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${name}-` },
    involvedObject: { apiVersion: 'v1', kind, name, namespace, uid },
    type: 'Warning',
    reason: 'FailedScheduling',
    message: 'no node fits',
    source: { component: 'scheduler' },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}
