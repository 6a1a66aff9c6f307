/**
 * The reference tokens of a JSON pointer (RFC 6901). Undefined for a pointer without a slash, which names no place
 * inside a document. What stands before the first slash is ignored, as in the reference implementation.
 */
export function parsePointer(pointer: string): readonly string[] | undefined {
  const parts = pointer.split('/');
  return parts.length < 2 ? undefined : parts.slice(1).map(unescapeToken);
}

function unescapeToken(token: string): string {
  return token.includes('~') ? token.replace(/~[01]/g, (sequence) => (sequence === '~1' ? '/' : '~')) : token;
}
