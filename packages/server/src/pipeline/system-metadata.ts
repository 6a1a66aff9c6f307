import { generateName, type KubeObject, newUid, type ObjectMeta } from '@keelson/machinery';

/** Drops from a new object what clients may not set. */
export function wipeSystemMetadata({ metadata }: KubeObject): void {
  delete metadata.uid;
  delete metadata.creationTimestamp;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
}

/** Fills what only the server may set on a new object. `nameFor`: a name that begins with its argument. */
export function fillSystemMetadata(object: KubeObject, namespace: string, now: string, nameFor = generateName): void {
  const { metadata } = object;
  metadata.uid = newUid();
  metadata.creationTimestamp = now;
  set(metadata, 'namespace', namespace === '' ? undefined : namespace);
  if (!metadata.name && metadata.generateName) metadata.name = nameFor(metadata.generateName);
}

/** Restores what an update cannot change. Ill-meant changes of what stays comparable are left for validation to refuse. */
export function keepSystemMetadata(object: KubeObject, old: KubeObject): void {
  const { metadata } = object;
  const before = old.metadata;
  metadata.uid ||= before.uid ?? '';
  metadata.creationTimestamp = before.creationTimestamp ?? null;
  if (before.deletionTimestamp !== undefined) metadata.deletionTimestamp = before.deletionTimestamp;
  metadata.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds as number;
  if (metadata.deletionGracePeriodSeconds === undefined) delete metadata.deletionGracePeriodSeconds;
  set(metadata, 'generation', before.generation);
  delete metadata.selfLink;
}

/** Sets a member, or removes it where the value is undefined. */
export function set<K extends keyof ObjectMeta>(metadata: ObjectMeta, key: K, value: ObjectMeta[K] | undefined): void {
  if (value === undefined) delete metadata[key];
  else metadata[key] = value;
}
