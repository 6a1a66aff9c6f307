import type { KubeObject, ObjectReceiver } from '@keelson/machinery';
import {
  type certificates,
  type core,
  isMirrorPod,
  nodeSecretsOfVolume,
  podConfigMapNames,
  podResourceClaimNames,
  podSecretNames,
  podVolumeClaimNames,
  type resource,
  type storage,
} from '@keelson/schema';

/** Most changes of what it is told of are of the status, and few of these are looked at. */
const seen = { unmanaged: true, looksAt: ['spec'] } as const;
const seenOfPods = { ...seen, looksAt: ['spec', 'status.resourceClaimStatuses', 'status.extendedResourceClaimStatus'] } as const;

/** What is on one node by itself. */
type Resident = 'pod' | 'volumeAttachment' | 'resourceSlice' | 'podCertificateRequest';
/** What pods use. */
type Used = 'secret' | 'configMap' | 'serviceAccount' | 'volumeClaim' | 'resourceClaim';
/** What may have to do with a node. */
export type NodeRelated = Resident | Used | 'volume';

/**
 * What each node has to do with, by the pods that are bound to it: these use secrets, config maps, service accounts and
 * claims; a claim's volume may need secrets of its own. Told of every pod, volume and so on, it answers from an index.
 */
export class NodeGraph {
  readonly #residents = new Map<string, ResidentEntry>();
  readonly #used = new Map<string, UsedEntry>();
  readonly #volumes = new Map<string, VolumeEntry>();

  readonly pods: ObjectReceiver<core.v1.Pod> = {
    ...seenOfPods,
    set: (pod) => this.#setResident('pod', pod, pod.spec.nodeName, usedByPod(pod)),
    delete: (pod) => this.#setResident('pod', pod, undefined),
  };
  readonly volumeAttachments: ObjectReceiver<storage.v1.VolumeAttachment> = {
    ...seen,
    set: (attachment) => this.#setResident('volumeAttachment', attachment, attachment.spec.nodeName),
    delete: (attachment) => this.#setResident('volumeAttachment', attachment, undefined),
  };
  readonly resourceSlices: ObjectReceiver<resource.v1.ResourceSlice> = {
    ...seen,
    set: (slice) => this.#setResident('resourceSlice', slice, slice.spec.nodeName),
    delete: (slice) => this.#setResident('resourceSlice', slice, undefined),
  };
  readonly podCertificateRequests: ObjectReceiver<certificates.v1alpha1.PodCertificateRequest> = {
    ...seen,
    set: (request) => this.#setResident('podCertificateRequest', request, request.spec.nodeName),
    delete: (request) => this.#setResident('podCertificateRequest', request, undefined),
  };
  readonly volumes: ObjectReceiver<core.v1.PersistentVolume> = {
    ...seen,
    set: (volume) => this.#setVolume(volume),
    delete: ({ metadata }) => this.#deleteVolume(metadata.name ?? ''),
  };

  /** Whether something on the node is or uses the object. Objects without a namespace take ''. */
  isRelated(node: string, kind: NodeRelated, namespace: string, name: string): boolean {
    if (kind === 'volume') return this.#volumes.get(name)?.claim.nodes.has(node) === true;
    const key = keyOf(kind, namespace, name);
    const used = this.#used.get(key);
    if (used === undefined) return this.#residents.get(key)?.node === node;
    if (used.nodes.has(node)) return true;
    for (const { claim } of used.volumes ?? []) if (claim.nodes.has(node)) return true;
    return false;
  }

  /** Without a node it is on none. */
  #setResident(kind: Resident, { metadata }: KubeObject, node: string | undefined, uses: readonly string[] = []): void {
    const key = keyOf(kind, metadata.namespace ?? '', metadata.name ?? '');
    const known = this.#residents.get(key);
    if (known !== undefined) {
      // Most changes of a pod are of its status.
      if (known.node === node && sameKeys(known.uses, uses)) return;
      for (const used of known.uses) this.#leave(used, known.node);
      this.#residents.delete(key);
    }
    if (node) this.#residents.set(key, { node, uses: uses.map((one) => this.#use(one, node)) });
  }

  #setVolume(volume: core.v1.PersistentVolume): void {
    const { name = '' } = volume.metadata;
    this.#deleteVolume(name);
    const { claimRef } = volume.spec;
    if (claimRef === undefined) return;
    const claim = this.#hold(keyOf('volumeClaim', claimRef.namespace ?? '', claimRef.name ?? ''));
    const secrets = nodeSecretsOfVolume(volume).map((secret) => this.#hold(keyOf('secret', secret.namespace, secret.name)));
    const entry = { claim, secrets };
    for (const secret of secrets) {
      secret.volumes ??= new Set();
      secret.volumes.add(entry);
    }
    this.#volumes.set(name, entry);
  }

  #deleteVolume(name: string): void {
    const entry = this.#volumes.get(name);
    if (entry === undefined) return;
    this.#volumes.delete(name);
    for (const secret of entry.secrets) {
      secret.volumes?.delete(entry);
      this.#release(secret);
    }
    this.#release(entry.claim);
  }

  #use(key: string, node: string): UsedEntry {
    const used = this.#hold(key);
    used.nodes.set(node, (used.nodes.get(node) ?? 0) + 1);
    return used;
  }

  #leave(used: UsedEntry, node: string): void {
    const users = used.nodes.get(node) ?? 0;
    if (users > 1) used.nodes.set(node, users - 1);
    else used.nodes.delete(node);
    this.#release(used);
  }

  #hold(key: string): UsedEntry {
    let used = this.#used.get(key);
    if (used === undefined) {
      used = new UsedEntry(key);
      this.#used.set(key, used);
    }
    used.holders++;
    return used;
  }

  #release(used: UsedEntry): void {
    used.holders--;
    if (used.holders === 0) this.#used.delete(used.key);
  }
}

interface ResidentEntry {
  readonly node: string;
  readonly uses: readonly UsedEntry[];
}

interface VolumeEntry {
  readonly claim: UsedEntry;
  readonly secrets: readonly UsedEntry[];
}

class UsedEntry {
  /** Nodes with pods that use it, and how many these are. */
  readonly nodes = new Map<string, number>();
  /** Of a secret: the volumes that need it. */
  volumes: Set<VolumeEntry> | undefined;
  /** Pods and volumes that name it. */
  holders = 0;

  constructor(readonly key: string) {}
}

/** Nothing of a mirror pod: nodes make those themselves, and could give themselves anything. */
function usedByPod(pod: core.v1.Pod): string[] {
  const { metadata, spec } = pod;
  if (!spec.nodeName || isMirrorPod(pod)) return [];
  const { namespace = '' } = metadata;
  const keys = (kind: Used, names: Iterable<string>) => Array.from(names, (name) => keyOf(kind, namespace, name));
  return [
    ...keys('serviceAccount', spec.serviceAccountName ? [spec.serviceAccountName] : []),
    ...keys('secret', podSecretNames(pod)),
    ...keys('configMap', podConfigMapNames(pod)),
    ...keys('volumeClaim', podVolumeClaimNames(pod)),
    ...keys('resourceClaim', podResourceClaimNames(pod)),
  ];
}

function sameKeys(known: readonly UsedEntry[], keys: readonly string[]): boolean {
  return known.length === keys.length && known.every(({ key }, i) => key === keys[i]);
}

function keyOf(kind: NodeRelated, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
