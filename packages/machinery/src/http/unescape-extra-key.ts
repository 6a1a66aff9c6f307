/** Key of a user's extra attribute from the end of a header's name in lower case: escaped in percent, or else as it is. */
export function unescapeExtraKey(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
