import { formatTime, memoized, parseTime } from '@keelson/machinery';

/** The zero time of the reference implementation, 0001-01-01T00:00:00Z: it counts as not set. */
export const zeroTimeSeconds = -62_135_596_800;

/** The same few moments occur over and over in the objects of a cluster. */
const maxRemembered = 1024;
const textOf = new Map<number, string>();

/** RFC 3339 text of whole seconds since 1970. */
export function timeText(seconds: number): string {
  const known = textOf.get(seconds);
  if (known !== undefined) return known;
  const text = formatTime({ seconds });
  if (textOf.size >= maxRemembered) textOf.clear();
  textOf.set(seconds, text);
  return text;
}

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Seconds since 1970 of any RFC 3339 text; canonical texts take a short way. */
export const timeSeconds = memoized((text) => {
  if (canonical.test(text)) {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms)) return ms / 1000;
  }
  return parseTime(text).seconds;
}, maxRemembered);
