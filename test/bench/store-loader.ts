import { readFileSync } from 'node:fs';
import { core, envelopePrefix, wrap } from '@keelson/schema';
import type { KvBackend } from '@keelson/storage';
import { namespaceName, nodeName, podLabels, podName } from './pod-fixture.js';

/**
 * Writes copies of a pod straight into a store whose server is down:
 * `store-loader <pod.json> <first> <count> embedded|etcd <directory or URL>`
 */

const [template = '', first = '0', count = '0', kind = '', place = ''] = process.argv.slice(2);
const AT_ONCE = 200;

async function open(): Promise<KvBackend> {
  if (kind === 'etcd') return new (await import('@keelson/storage/etcd')).EtcdBackend({ endpoints: [place] });
  return (await import('@keelson/storage/embedded')).EmbeddedBackend.open({ dir: place });
}

const { kind: _kind, apiVersion: _apiVersion, ...pod } = JSON.parse(readFileSync(template, 'utf8'));
delete pod.metadata.resourceVersion;
const prefix = envelopePrefix('v1', 'Pod');
const { codec } = core.v1.Pod;

function storedPod(index: number): Buffer {
  const uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const metadata = { ...pod.metadata, name: podName(index), namespace: namespaceName(index), labels: podLabels(index), uid };
  const object = { ...pod, metadata, spec: { ...pod.spec, nodeName: nodeName(index) } };
  return Buffer.from(wrap(prefix, codec.encode(codec.fromJson(object))));
}

const backend = await open();
const end = Number(first) + Number(count);
let next = Number(first);
async function writer(): Promise<void> {
  for (let index = next++; index < end; index = next++) {
    await backend.put(`/registry/pods/${namespaceName(index)}/${podName(index)}`, storedPod(index), 0);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, writer));
await backend.close();
process.send?.({ loaded: Number(count) });
process.exit();
