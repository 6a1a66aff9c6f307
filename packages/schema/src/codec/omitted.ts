/** Whether the reading under way steps over managedFields, which then are as in an object that has none. */
export const omitted = { managedFields: false };

export function omittingManagedFields<R>(read: () => R): R {
  omitted.managedFields = true;
  try {
    return read();
  } finally {
    omitted.managedFields = false;
  }
}
