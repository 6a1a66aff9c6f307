import { compileObjectSelector, type ObjectLabelSelector } from '@keelson/machinery';

/** A selector as tables print it; `<none>` when it selects by nothing, `<error>` when it cannot be read. */
export function selectorText(selector: ObjectLabelSelector | null | undefined): string {
  try {
    return selectorString(selector) || '<none>';
  } catch {
    // A stored selector may predate today's rules; its row must still print.
    return '<error>';
  }
}

/** A selector in the form that parses back, as the scale subresource shows it; '' when it selects by nothing. */
export function selectorString(selector: ObjectLabelSelector | null | undefined): string {
  return compileObjectSelector(selector).toString();
}
