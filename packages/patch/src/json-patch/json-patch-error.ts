/** An operation that cannot be applied, in the words of Kubernetes. Clients that patch do not see them, those of admission webhooks do. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
}

/** The document is not as a patch takes it to be. */
export class JsonPatchTestError extends JsonPatchError {}

/** Does something, and says of what fails where it did. */
export function inPatch<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof JsonPatchError ? new JsonPatchError(`${where}: ${error.message}`) : error;
  }
}
