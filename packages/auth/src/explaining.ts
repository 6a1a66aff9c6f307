/** Does something; when it fails, the failure says what was being done. */
export function explaining<T>(what: string, action: () => T): T {
  try {
    const result = action();
    return result instanceof Promise ? (result.catch((error: unknown) => fail(what, error)) as T) : result;
  } catch (error) {
    return fail(what, error);
  }
}

function fail(what: string, error: unknown): never {
  throw new Error(`${what}: ${error instanceof Error ? error.message : error}`, { cause: error });
}
