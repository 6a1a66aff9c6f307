import { semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type Toleration = core.v1.Toleration;

/** Both lists as one, without what another toleration of it says as well. */
export function mergedTolerations(first: readonly Toleration[] = [], second: readonly Toleration[] = []): Toleration[] {
  const all = [...first, ...second];
  const merged: Toleration[] = [];
  for (const [at, one] of all.entries()) {
    const said = merged.some((other) => includes(other, one));
    // Of equal ones the first stays.
    const saidLater = all.slice(at + 1).some((other) => !semanticallyEqual(one, other) && includes(other, one));
    if (!said && !saidLater) merged.push({ ...one });
  }
  return merged;
}

/** Whether each toleration is said by one of those that are allowed; nothing allowed is everything. */
export function areAllowed(tolerations: readonly Toleration[], allowed: readonly Toleration[]): boolean {
  return allowed.length === 0 || tolerations.every((one) => allowed.some((other) => includes(other, one)));
}

/** Whether `wide` puts up with everything that `narrow` puts up with. */
function includes(wide: Toleration, narrow: Toleration): boolean {
  if (semanticallyEqual(wide, narrow)) return true;
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = wide;
  // No key is every key, of those who ask only whether there is a taint.
  if (key !== (narrow.key ?? '') && (key !== '' || operator !== 'Exists')) return false;
  if (effect !== (narrow.effect ?? '') && effect !== '') return false;
  if (effect === 'NoExecute' && tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > tolerationSeconds) return false;
  }
  if (operator === 'Exists') return true;
  return (operator === 'Equal' || operator === '') && narrow.operator === 'Equal' && (narrow.value ?? '') === value;
}
