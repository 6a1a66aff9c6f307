import { duplicate, type FieldError, path, required } from '@keelson/machinery';

/** Conditions of schemas and priority levels: one of a type, and of some type. */
export function validateFlowControlConditions({
  conditions,
}: {
  readonly conditions?: readonly { readonly type?: string }[];
}): FieldError[] {
  const at = path('status', 'conditions');
  const types = new Set<string>();
  return (conditions ?? []).flatMap(({ type = '' }, i) => {
    const here = at.index(i).child('type');
    const again = types.size === types.add(type).size;
    return [...(again ? [duplicate(here, type)] : []), ...(type === '' ? [required(here)] : [])];
  });
}
