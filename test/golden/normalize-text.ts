const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)/g;
const quotedResourceVersion = /(resourceVersion\\*":\s*\\*"|in record \(|ResourceVersion in (?:precondition|object meta): )\d+/g;

const recentMs = 3 * 24 * 60 * 60 * 1000;

/** True for the times of this play; a fixed time in a request stays readable. */
export function isRecent(timeMs: number): boolean {
  return Math.abs(Date.now() - timeMs) < recentMs;
}

/** What differs between two plays inside any text: UIDs, times, resource versions in messages. */
export function normalizeText(text: string, uidPlaceholder: (uid: string) => string): string {
  return text
    .replace(uuid, uidPlaceholder)
    .replace(time, (found, fraction: string | undefined) => (isRecent(Date.parse(found)) ? timePlaceholder(fraction) : found))
    .replace(quotedResourceVersion, '$1<rv>');
}

function timePlaceholder(fraction: string | undefined): string {
  return fraction === undefined ? '<time>' : `<time.${fraction.length}>`;
}

/** Parts of a combined error in one order: the server's order may depend on the iteration of a map. */
export function sortErrorList(message: string): string {
  const found = /^(.*? is (?:invalid|forbidden): )\[(.*)\]$/s.exec(message);
  if (found === null) return message;
  return `${found[1]}${(found[2] ?? '').split(', ').sort().join(' & ')}`;
}
