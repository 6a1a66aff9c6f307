/**
 * The text that JSON values were read from, where it matters: what Kubernetes does not look into, it passes on as it
 * came. Known of values that are objects, as long as somebody holds them; a copy has no text.
 */
const texts = new WeakMap<object, string>();

export function keepRawText(value: unknown, text: string): void {
  if (typeof value === 'object' && value !== null) texts.set(value, text);
}

export function rawTextOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? texts.get(value) : undefined;
}
