import { controllerOf, quote, TimeSlice } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { formatStandard, type LevelVersion } from './policy.js';
import { violationsOf } from './standards.js';
import { summarizeViolations } from './violation.js';

type Pod = core.v1.Pod;

/** So many pods of a namespace are looked at, for so long at most. */
const MAX_PODS = 3000;
const MAX_MS = 1_000;

export interface ExistingPods {
  readonly namespace: string;
  readonly pods: readonly Pod[];
  readonly exemptRuntimeClasses: ReadonlySet<string>;
  readonly relaxUserNamespaces: boolean;
  /** When nobody waits for the answer any more, by `performance.now()`. */
  readonly deadlineAtMs: number;
}

/** What to warn of somebody who is about to enforce a standard: which pods there are that break it. */
export async function warningsOfExistingPods(standard: LevelVersion, existing: ExistingPods): Promise<string[]> {
  const { namespace, relaxUserNamespaces, deadlineAtMs } = existing;
  const startMs = performance.now();
  const endMs = startMs + Math.min(MAX_MS, (deadlineAtMs - startMs) / 2);
  const ordered = inOrder(existing);
  const offenders = new Offenders();
  const slice = new TimeSlice();
  let checked = 0;
  for (const pod of ordered.slice(0, MAX_PODS)) {
    const violations = violationsOf(standard, pod, relaxUserNamespaces);
    if (violations.length > 0) offenders.add(summarizeViolations(violations), pod.metadata.name ?? '');
    checked += 1;
    if (performance.now() >= endMs) break;
    if (slice.spent()) await slice.next();
  }
  const texts = offenders.texts();
  const violates = `existing pods in namespace ${quote(namespace)} violate the new PodSecurity enforce level ${quote(formatStandard(standard))}`;
  const left = `new PodSecurity enforce level only checked against the first ${checked} of ${ordered.length} existing pods`;
  return [...(checked < ordered.length ? [left] : []), ...(texts.length > 0 ? [violates] : []), ...texts];
}

/** One pod of each controller comes first: the others will hardly tell more. */
function inOrder({ pods, exemptRuntimeClasses }: ExistingPods): Pod[] {
  const first: Pod[] = [];
  const alike: Pod[] = [];
  const seen = new Set<string>();
  for (const pod of pods) {
    if (exemptRuntimeClasses.has(pod.spec.runtimeClassName ?? '')) continue;
    const controller = controllerOf(pod.metadata)?.uid;
    if (controller !== undefined && seen.has(controller)) {
      alike.push(pod);
    } else {
      first.push(pod);
      if (controller !== undefined) seen.add(controller);
    }
  }
  return [...first, ...alike];
}

/** Pods by what is wrong with them. */
class Offenders {
  /** The first by name, and how many there are. */
  readonly #byReason = new Map<string, { name: string; count: number }>();

  add(reason: string, name: string): void {
    const known = this.#byReason.get(reason);
    if (known === undefined) {
      this.#byReason.set(reason, { name, count: 1 });
    } else {
      known.count += 1;
      if (name < known.name) known.name = name;
    }
  }

  texts(): string[] {
    return [...this.#byReason].map(([reason, { name, count }]) => `${name}${others(count - 1)}: ${reason}`).sort();
  }
}

function others(count: number): string {
  return count === 0 ? '' : ` (and ${count} other ${count === 1 ? 'pod' : 'pods'})`;
}
