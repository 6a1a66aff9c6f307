import {
  conflict,
  failedDeletePrecondition,
  failedPrecondition,
  type GroupKind,
  type KubeObject,
  type ObjectMeta,
  timeOf,
} from '@keelson/machinery';
import type { DeleteContext } from '../resource/definition.js';
import type { Resource } from '../resource/resource.js';
import type { DeleteOptions } from '../verbs/options.js';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';
/** End of the year 9999: times are written with four digits. */
const LAST_TIME_MS = Date.UTC(10_000, 0) - 1000;

/**
 * What a DELETE makes of an object: gone, marked and kept, marked and then gone at once (a grace period of zero: watchers
 * see both), or left as it is because its deletion is already under way.
 */
export type Deletion = 'remove' | 'mark' | 'markAndRemove' | 'pending';

/** Throws 409 when the object is not the one the client meant. */
export function checkDeletePreconditions({ metadata }: KubeObject, { preconditions }: DeleteOptions, resource: DeletedResource): void {
  if (preconditions === undefined) return;
  const { hub, definition, resource: plural } = resource;
  const name = metadata.name ?? '';
  // Kinds whose end takes more than a request ask by themselves, in the words of updates.
  if (definition.onDeletionStart !== undefined) {
    const why = failedPrecondition(preconditions, metadata);
    if (why !== undefined) throw conflict({ group: hub.group, resource: plural }, name, why);
    return;
  }
  const why = failedDeletePrecondition(preconditions, metadata);
  if (why !== undefined) throw conflict({ group: hub.group, resource: hub.kind }, name, why);
}

interface DeletedResource {
  readonly hub: GroupKind;
  readonly resource: string;
  readonly definition: Pick<Resource['definition'], 'onDeletionStart'>;
}

type Dependents = 'orphan' | 'foreground' | 'background';

/** What becomes of the dependents: what the request says, else what an earlier request left, else the resource's default. */
function dependentsPolicy(
  resource: Resource,
  { finalizers = [] }: ObjectMeta,
  options: DeleteOptions,
  context: DeleteContext,
): Dependents | undefined {
  const byDefault = resource.definition.defaultPropagation?.(context) ?? 'Background';
  if (byDefault === 'none') return undefined;
  if (options.orphanDependents !== undefined) return options.orphanDependents ? 'orphan' : 'background';
  if (options.propagationPolicy !== undefined) return options.propagationPolicy.toLowerCase() as Dependents;
  if (finalizers.includes(ORPHAN)) return 'orphan';
  if (finalizers.includes(FOREGROUND)) return 'foreground';
  return byDefault.toLowerCase() as Dependents;
}

function applyDependentsPolicy(metadata: ObjectMeta, policy: Dependents | undefined): void {
  if (policy === undefined) return;
  const kept = (metadata.finalizers ?? []).filter((name) => name !== ORPHAN && name !== FOREGROUND);
  if (policy === 'orphan') kept.push(ORPHAN);
  if (policy === 'foreground') kept.push(FOREGROUND);
  // Who has them all has them in an order of its own.
  if (isSameSet(kept, metadata.finalizers ?? [])) return;
  if (kept.length > 0) metadata.finalizers = kept;
  else delete metadata.finalizers;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && a.every((one) => right.has(one));
}

function startDeletion(metadata: ObjectMeta, graceSeconds: number, nowMs: number): void {
  if (metadata.deletionTimestamp === undefined && (metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
  const at = Math.min(nowMs + graceSeconds * 1000, LAST_TIME_MS);
  if (metadata.deletionTimestamp === undefined || Date.parse(metadata.deletionTimestamp) > at) metadata.deletionTimestamp = timeOf(at);
  metadata.deletionGracePeriodSeconds = graceSeconds;
}

/** A deletion under way may only be made shorter. */
function shorten(metadata: ObjectMeta, current: number, options: DeleteOptions): 'graceful' | 'pending' {
  const asked = options.gracePeriodSeconds;
  if (asked === undefined || asked >= current) return 'pending';
  metadata.deletionTimestamp = timeOf(Date.parse(metadata.deletionTimestamp ?? '') - (current - asked) * 1000);
  metadata.deletionGracePeriodSeconds = asked;
  return 'graceful';
}

function gracefully(
  resource: Resource,
  object: KubeObject,
  options: DeleteOptions,
  context: DeleteContext,
  nowMs: number,
): 'graceful' | 'pending' | 'no' {
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined) {
    const current = metadata.deletionGracePeriodSeconds;
    return current === undefined ? 'no' : shorten(metadata, current, options);
  }
  const seconds = resource.definition.graceSeconds?.(object, context);
  if (seconds === undefined) return 'no';
  startDeletion(metadata, seconds, nowMs);
  return 'graceful';
}

/** Applies a DELETE to `object` (the hub's shape, changed in place) and says what is to be done with it. */
export function deletion(resource: Resource, object: KubeObject, options: DeleteOptions, context: DeleteContext, nowMs: number): Deletion {
  const { metadata } = object;
  const { holdsDeletion, onDeletionStart } = resource.definition;
  const isUnderWay = metadata.deletionTimestamp !== undefined;
  // What its resource holds is asked for one time: later ones change nothing.
  if (isUnderWay && holdsDeletion?.(object)) return 'pending';
  const graceful = gracefully(resource, object, options, context, nowMs);
  if (graceful === 'pending' && !changesPolicy(resource, metadata, options, context)) return 'pending';
  applyDependentsPolicy(metadata, dependentsPolicy(resource, metadata, options, context));
  const held = (metadata.finalizers?.length ?? 0) > 0 || (holdsDeletion?.(object) ?? false);
  if (graceful === 'no') {
    if (!held) return 'remove';
    startDeletion(metadata, 0, nowMs);
    if (!isUnderWay) onDeletionStart?.(object);
    return 'mark';
  }
  return held || (metadata.deletionGracePeriodSeconds ?? 0) > 0 ? 'mark' : 'markAndRemove';
}

function changesPolicy(resource: Resource, metadata: ObjectMeta, options: DeleteOptions, context: DeleteContext): boolean {
  const trial: ObjectMeta = { ...(metadata.finalizers && { finalizers: [...metadata.finalizers] }) };
  applyDependentsPolicy(trial, dependentsPolicy(resource, metadata, options, context));
  return (trial.finalizers ?? []).join() !== (metadata.finalizers ?? []).join();
}
