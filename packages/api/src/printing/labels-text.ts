type Labels = Readonly<Record<string, string>> | null | undefined;

/** Plain labels (or a selector that is a plain map) as tables print them, by key: `a=1,b=2`; `<none>` when there are none. */
export function labelsText(labels: Labels): string {
  return labelsString(labels) || '<none>';
}

/** As `labelsText`, but '' when there are none: the form in which a plain map selects. */
export function labelsString(labels: Labels): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
