import type { CheckedContainer, CheckedPod } from './checked-pod.js';

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** `"a", "b"`: nothing is escaped. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** `volumes "a", "b"` */
export function named(word: string, names: readonly string[]): string {
  return `${plural(word, names.length)} ${quoted(names)}`;
}

/** Names of the containers that `is` holds of. */
export function containersThat({ containers }: CheckedPod, is: (container: CheckedContainer) => boolean): string[] {
  return containers.filter(is).map(({ name }) => name);
}

/** Who sets a field: `pod and container "a"`; undefined when nobody does. */
export function setters(pod: boolean, containers: readonly string[]): string | undefined {
  const all = [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [named('container', containers)] : [])];
  return all.length === 0 ? undefined : all.join(' and ');
}

/** Each once, sorted. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
