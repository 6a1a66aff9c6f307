const sentEmpty = Symbol('sent empty');

interface Noted {
  [sentEmpty]?: string[];
}

/** Notes that a list or a map without a member in the canonical object was sent empty. */
export function noteSentEmpty(object: Noted, member: string): void {
  object[sentEmpty] ??= [];
  object[sentEmpty].push(member);
}

/**
 * Whether the list or map that `object` lacks was sent empty in JSON. Kubernetes tells that from one that was not sent
 * until it stores the object: some defaults and rules do, and messages that show what was sent. Known of what was decoded,
 * and of copies by spreading; objects that were stored, or passed on as JSON, have nothing that is empty.
 */
export function wasSentEmpty<T extends object>(object: T, member: keyof T & string): boolean {
  return object[member] === undefined && (object as Noted)[sentEmpty]?.includes(member) === true;
}
