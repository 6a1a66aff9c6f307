import { ApiError, formatGroupResource, type GroupResource } from '@keelson/machinery';
import type { UnreadableObjects } from '@keelson/storage';

/** What is said of a stored object that cannot be opened, where it may be deleted unread (KEP-3926). */
export function corruptObject(key: string, why: string): string {
  const reason = `data from the storage is not transformable revision=0: ${why}`;
  return `StorageError: corrupt object, Code: 7, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${reason}`;
}

/** Why there is no list, with a cause for each object that keeps it from being complete. */
export function storageReadError(gr: GroupResource, { objects, more }: UnreadableObjects): ApiError {
  const causes = objects.map(({ key, why }) => ({
    reason: 'UnexpectedServerResponse',
    message: corruptObject(key, why),
    field: key,
  }));
  const rest = more ? [{ reason: 'FieldValueTooMany', message: 'too many errors, the list is truncated' }] : [];
  return new ApiError(500, 'StorageReadError', `failed to read one or more ${formatGroupResource(gr)} from the storage`, {
    name: 'list',
    ...(gr.group !== '' && { group: gr.group }),
    kind: gr.resource,
    causes: [...causes, ...rest],
  });
}
