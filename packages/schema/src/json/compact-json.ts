import { escapeLikeGo } from '@keelson/machinery';

const stringOrSpace = /"(?:[^"\\]|\\.)*"|\s+/g;

/** JSON text as Kubernetes prints it: without spaces between its tokens, and with what it escapes in strings. */
export function compactJson(json: string): string {
  return escapeLikeGo(json.replace(stringOrSpace, (token) => (token.startsWith('"') ? token : '')));
}
