/** Several texts as one, each of them once: what Kubernetes makes of several errors where one must be told. */
export function aggregate(texts: Iterable<string>): string {
  const different = [...new Set(texts)];
  return different.length === 1 ? (different[0] as string) : `[${different.join(', ')}]`;
}
