const sentEmpty = Symbol('sent empty');

type Empty = readonly never[] | Readonly<Record<string, never>>;

interface Noted {
  [sentEmpty]?: Record<string, Empty>;
}

/** Notes that a list or a map without a member in the canonical object was sent empty. */
export function noteSentEmpty(object: Noted, member: string, empty: Empty): void {
  object[sentEmpty] ??= {};
  object[sentEmpty][member] = empty;
}

/**
 * Whether the list or map that `object` lacks was sent empty in JSON. Kubernetes tells that from one that was not sent
 * until it stores the object: some defaults and rules do, and messages that show what was sent. Known of what was decoded,
 * and of copies by spreading; objects that were stored, or passed on as JSON, have nothing that is empty.
 */
export function wasSentEmpty<T extends object>(object: T, member: keyof T & string): boolean {
  return object[member] === undefined && (object as Noted)[sentEmpty]?.[member] !== undefined;
}

/** Takes a list or map away, and what is known of how it was sent. */
export function dropMember<T extends object>(object: T, member: keyof T & string): void {
  delete object[member];
  const sent = (object as Noted)[sentEmpty];
  if (sent !== undefined) delete sent[member];
}

/** A list or map as messages show it: empty where it was sent so, null where it was not sent. */
export function shownAsSent<T extends object, K extends keyof T & string>(object: T, member: K): T[K] | Empty | null {
  return object[member] ?? (object as Noted)[sentEmpty]?.[member] ?? null;
}
