/** A value whose reads are noted. */
export interface RecordedReads<T> {
  /** To be read in place of the original. */
  readonly value: T;
  /** Dotted paths of everything in it; what is not a plain object has no inside. */
  readonly paths: readonly string[];
  /** Those of `paths` that were read, so far. */
  readonly reads: ReadonlySet<string>;
}

/** Wraps an object made of plain objects, and those in it. */
export function recordReads<T extends object>(original: T): RecordedReads<T> {
  const paths: string[] = [];
  const reads = new Set<string>();
  const wrap = (object: object, at: string): object => {
    const copy = Object.fromEntries(
      Object.entries(object).map(([key, child]) => {
        const path = `${at}${key}`;
        paths.push(path);
        return [key, isPlain(child) ? wrap(child, `${path}.`) : child];
      }),
    );
    return new Proxy(copy, {
      get(target, key, receiver) {
        if (typeof key === 'string') reads.add(`${at}${key}`);
        return Reflect.get(target, key, receiver);
      },
    });
  };
  return { value: wrap(original, '') as T, paths, reads };
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
