import type { Kubectl } from '../support/kubectl.js';
import type { ManifestObject } from './manifest-file.js';

const protectedKinds = new Set(['PersistentVolume', 'PersistentVolumeClaim', 'VolumeAttributesClass']);

/** Does what controllers do with deleted objects that wait for them: a server alone has none. */
export async function letGo(kubectl: Kubectl, objects: readonly ManifestObject[]): Promise<void> {
  for (const { kind, metadata } of objects) {
    if (protectedKinds.has(kind)) await unprotect(kubectl, kind, metadata.name);
  }
  for (const { kind, metadata } of objects) {
    if (kind === 'Namespace') await finalize(kubectl, metadata.name);
  }
}

/** As the protection controllers do with what nothing uses any more. */
async function unprotect(kubectl: Kubectl, kind: string, name: string): Promise<void> {
  await kubectl.ok(['patch', kind, name, '--type=merge', '--patch={"metadata":{"finalizers":null}}']);
}

/** As the namespace controller does when a namespace is empty. */
async function finalize(kubectl: Kubectl, name: string): Promise<void> {
  const namespace = await kubectl.json<{ spec: object }>(['get', 'namespace', name]);
  const input = { ...namespace, spec: { ...namespace.spec, finalizers: [] } };
  await kubectl.ok(['replace', `--raw=/api/v1/namespaces/${name}/finalize`, '--filename=-'], { input });
}
