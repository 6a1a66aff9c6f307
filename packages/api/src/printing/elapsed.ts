import { humanDuration } from '@keelson/machinery';

/** How long something took, or takes up to now; moments are timestamps or milliseconds since 1970. */
export function elapsed(from: string, to: string | number): string {
  return humanDuration((typeof to === 'number' ? to : Date.parse(to)) - Date.parse(from));
}
