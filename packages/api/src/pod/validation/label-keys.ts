import { type FieldError, type FieldPath, forbiddenField, invalidField, type ObjectLabelSelector, qualifiedName } from '@keelson/machinery';
import { validateEach } from '../../validation/each.js';
import { validateForm } from '../../validation/names.js';

type Selector = ObjectLabelSelector | undefined;

/** Labels of a new pod that a selector is to be completed with, by key (KEP-3243, KEP-3633). */
export function validateLabelKeys(keys: readonly string[] | undefined, selector: Selector, at: FieldPath): FieldError[] {
  if (!keys?.length) return [];
  if (selector === undefined) return [forbiddenField(at, 'must not be specified when labelSelector is not set')];
  return validateEach(keys, at, (key, here) => validateForm(key, here, qualifiedName));
}

/** Completed selectors have one condition for each key; where there is another one, the author has written it. */
export function validateCompletedKeys(keys: readonly string[] = [], selector: Selector, at: FieldPath): FieldError[] {
  if (keys.length === 0 || selector === undefined) return [];
  const seen = new Set(Object.keys(selector.matchLabels ?? {}));
  return (selector.matchExpressions ?? []).flatMap(({ key = '' }) => {
    const isFirst = seen.size < seen.add(key).size;
    const i = keys.lastIndexOf(key);
    return isFirst || i < 0 ? [] : [invalidField(at.index(i), key, 'exists in both matchLabelKeys and labelSelector')];
  });
}

/** The same of selectors that nobody completes: no key may be in both. */
export function validateUnmergedKeys(keys: readonly string[] | undefined, selector: Selector, at: FieldPath): FieldError[] {
  if (!keys?.length) return [];
  const selected = new Set([...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? []).map(({ key = '' }) => key)]);
  return [
    ...(selector === undefined ? [forbiddenField(at, 'must not be specified when labelSelector is not set')] : []),
    ...validateEach(keys, at, (key, here) => [
      ...validateForm(key, here, qualifiedName),
      ...(selected.has(key) ? [invalidField(here, key, 'exists in both matchLabelKeys and labelSelector')] : []),
    ]),
  ];
}
