/** An operation that cannot be applied. Clients see only a fixed text; this one is for logs. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
}
