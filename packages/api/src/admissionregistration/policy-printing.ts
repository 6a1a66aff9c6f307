import type { admissionregistration } from '@keelson/schema';
import { selectorText } from '../printing/selector-text.js';

export function paramKindText(kind: admissionregistration.v1.ParamKind | undefined): string {
  return kind === undefined ? '<unset>' : `${kind.apiVersion ?? ''}/${kind.kind ?? ''}`;
}

/** The parameter by name, `*` standing for the namespace of what is admitted, or what selects several. */
export function paramRefText(ref: admissionregistration.v1.ParamRef | undefined): string {
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref?.selector === undefined ? '<unset>' : selectorText(ref.selector);
}
