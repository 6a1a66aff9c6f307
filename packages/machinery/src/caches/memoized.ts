/** Longer texts do not come again. */
const maxRememberedChars = 256;

/**
 * A pure function of a text that remembers what it made of short ones, for texts that come over and over: the keys of labels,
 * amounts of memory. It forgets all of them when there are `maxTexts`. What it throws, and undefined, is not remembered.
 */
export function memoized<T>(compute: (text: string) => T, maxTexts = 1024): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const computed = compute(text);
    if (text.length > maxRememberedChars) return computed;
    if (known.size >= maxTexts) known.clear();
    known.set(text, computed);
    return computed;
  };
}
