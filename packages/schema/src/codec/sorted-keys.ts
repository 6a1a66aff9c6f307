const beyondAscii = /[^\0-\x7f]/;

/** The keys of a map in the order Go writes them: by bytes. Most maps are in order already. */
export function sortedKeys(map: object): string[] {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort().some((key) => beyondAscii.test(key)) ? keys.sort(byBytes) : keys;
  }
  return keys.some((key) => beyondAscii.test(key)) ? keys.sort(byBytes) : keys;
}

/** UTF-8 orders like code points; UTF-16, and so string comparison, does not beyond U+FFFF. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
