import type { ObjectMeta } from '@keelson/machinery';

/** Where releases before v1.8 told of init containers. */
const annotations = ['alpha', 'beta'].flatMap((stage) => [
  `pod.${stage}.kubernetes.io/init-containers`,
  `pod.${stage}.kubernetes.io/init-container-statuses`,
]);

/** Takes out what old clients repeat of the spec, and old kubelets would believe. In place. */
export function dropInitContainerAnnotations(metadata: ObjectMeta | undefined): void {
  if (metadata?.annotations === undefined) return;
  const all = metadata.annotations;
  if (!annotations.some((name) => Object.hasOwn(all, name))) return;
  const kept = Object.entries(all).filter(([name]) => !annotations.includes(name));
  if (kept.length > 0) metadata.annotations = Object.fromEntries(kept);
  else delete metadata.annotations;
}
