import type { KubeObject } from '@keelson/machinery';

/** Annotation that says whether the server keeps the object's spec as it knows it. */
export const AUTO_UPDATE_SPEC = 'apf.kubernetes.io/autoupdate-spec';

/** What the annotation says; undefined when it says nothing, or nothing that can be understood. */
export function declaredAutoUpdate({ metadata }: KubeObject): boolean | undefined {
  const text = metadata.annotations?.[AUTO_UPDATE_SPEC] ?? '';
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(text) ? false : undefined;
}

/** One that does not say is the server's as long as nobody has changed its spec. */
export function wantsAutoUpdate(object: KubeObject): boolean {
  return declaredAutoUpdate(object) ?? object.metadata.generation === 1;
}
