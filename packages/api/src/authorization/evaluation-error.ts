import { type AuthorizationAttributes, aggregate, type SelectorAttribute } from '@keelson/machinery';

/** What went wrong while a review was decided; '' when nothing did. */
export function evaluationErrorText(error: unknown, { fieldSelector, labelSelector }: AuthorizationAttributes): string {
  const texts = [
    ...(error === undefined ? [] : [error instanceof Error ? error.message : String(error)]),
    ...leftOut('fieldSelector', fieldSelector),
    ...leftOut('labelSelector', labelSelector),
  ];
  return texts.length === 0 ? '' : aggregate(texts);
}

function leftOut(field: string, selector: SelectorAttribute<unknown> | undefined): string[] {
  if (selector?.error === undefined) return [];
  const much = selector.requirements.length > 0 ? 'partially ignored' : 'ignored';
  return [`spec.resourceAttributes.${field} ${much} due to parse error`];
}
