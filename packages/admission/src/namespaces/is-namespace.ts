import type { GroupKind } from '@keelson/machinery';

/** Whether a write is about a namespace itself, not about what is in one. */
export function isNamespace({ group, kind }: GroupKind): boolean {
  return group === '' && kind === 'Namespace';
}
