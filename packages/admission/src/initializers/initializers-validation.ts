import { type FieldError, type FieldPath, type Initializers, invalidField, path, validateFullyQualifiedName } from '@keelson/machinery';

const at: FieldPath = path('metadata', 'initializers');

/** What is wrong with the initializers that somebody makes an object with. */
export function validateInitializers({ pending, result }: Initializers): FieldError[] {
  const names = (pending ?? []).flatMap(({ name }, i) => validateFullyQualifiedName(name, at.child('pending').index(i).child('name')));
  return [...names, ...validateResult(result)];
}

/**
 * What may become of those of an object: the first one leaves, or says why there will be no object. Undefined stands for
 * an object that is initialized.
 */
export function validateInitializersUpdate(now: Initializers | undefined, before: Initializers | undefined): FieldError[] {
  if (before === undefined)
    return now === undefined ? [] : [invalidField(at, null, 'field is immutable once initialization has completed')];
  const { result } = before;
  if (result !== undefined && JSON.stringify(now?.result) !== JSON.stringify(result))
    return [invalidField(at.child('result'), now?.result ?? null, 'field is immutable')];
  return [...validateTurn(names(now), names(before)), ...(now === undefined ? [] : validateResult(now.result))];
}

/** Nobody acts before those that stand in front of him. */
function validateTurn(now: readonly string[], before: readonly string[]): FieldError[] {
  const isUnchanged = now.length === before.length && now.every((name, i) => name === before[i]);
  const firstLeft = now.length === before.length - 1 && now.every((name, i) => name === before[i + 1]);
  if (isUnchanged || firstLeft) return [];
  return [invalidField(at.child('pending'), now, `only the first initializer, ${JSON.stringify(before[0] ?? '')}, may be removed`)];
}

function names(initializers: Initializers | undefined): string[] {
  return (initializers?.pending ?? []).map(({ name }) => name);
}

function validateResult(result: Initializers['result']): FieldError[] {
  if (result === undefined || result.status === 'Failure') return [];
  return [invalidField(at.child('result', 'status'), result.status, "must be 'Failure'")];
}
