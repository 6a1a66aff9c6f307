/**
 * The resourceVersion that the printing under way puts into the first ObjectMeta or ListMeta it meets, which is that of
 * the object: metadata is the first member of every kind.
 */
export const stamp: { pending: string | undefined } = { pending: undefined };
