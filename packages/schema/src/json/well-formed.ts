const halves = /\\u[dD][89a-fA-F]/;
const escapes = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^u])/g;
const half = /^\\u[dD][89a-fA-F][\da-fA-F]{2}$/;

/** JSON text in which no escape stands for half of a character alone: those are replaced as bytes are that are no text. */
export function wellFormed(json: string): string {
  return halves.test(json) ? json.replace(escapes, (escaped) => (half.test(escaped) ? '\\ufffd' : escaped)) : json;
}
