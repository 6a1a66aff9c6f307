const STEP = '  ';

/**
 * Compact JSON text over several lines, as Go's `json.Indent` lays it out. Works on the text, so that numbers and the
 * order of keys stay what they are. `depth` is how deep the text lies in another one; its first line is not indented.
 */
export function indentJson(json: string, depth = 0): string {
  let out = '';
  let level = depth;
  let copied = 0;
  const breakAfter = (at: number) => {
    out += `${json.slice(copied, at)}\n${STEP.repeat(level)}`;
    copied = at;
  };
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(json, at);
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (isClosing(json.charCodeAt(at + 1))) {
          at++;
          break;
        }
        level++;
        breakAfter(at + 1);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        level--;
        breakAfter(at);
        break;
      case 0x2c: // ,
        breakAfter(at + 1);
        break;
      case 0x3a: // :
        out += `${json.slice(copied, at + 1)} `;
        copied = at + 1;
        break;
    }
  }
  return out + json.slice(copied);
}

function isClosing(code: number): boolean {
  return code === 0x7d || code === 0x5d;
}

/** Position of the quote that ends the string which begins at `from`. */
function endOfString(json: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = json.indexOf('"', at);
    if (quote < 0) return json.length;
    let backslashes = 0;
    while (json.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote;
    at = quote + 1;
  }
}
