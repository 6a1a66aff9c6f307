type Container = Record<string, unknown>;

/**
 * What is put where in an object, by paths as errors write them: `spec.containers[0].image`, `metadata.labels[a.b/c]`.
 * Undefined takes away what is there; what is missing on the way is made.
 */
export type Change = Readonly<Record<string, unknown>>;

/** A copy of `object` with `change` made. */
export function changed(object: object, change: Change): object {
  const copy = structuredClone(object) as Container;
  for (const [path, value] of Object.entries(change)) put(copy, steps(path), value);
  return copy;
}

function steps(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([step, key]) => key ?? step);
}

function put(object: Container, path: readonly string[], value: unknown): void {
  const last = path.at(-1) as string;
  let at = object;
  path.slice(0, -1).forEach((step, i) => {
    at[step] ??= /^\d+$/.test(path[i + 1] as string) ? [] : {};
    at = at[step] as Container;
  });
  if (value === undefined) delete at[last];
  else at[last] = structuredClone(value);
}
