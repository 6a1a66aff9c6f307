/** An attribute: its name in lower case, and where its value stands in the text, without quotes. */
export interface Attribute {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface StartTag {
  /** In lower case. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
  /** Behind its `>`. */
  readonly end: number;
}

const SPACE = ' \t\n\f\r';
const BEFORE_ATTRIBUTE = `${SPACE}/`;
const BEHIND_NAME = `${SPACE}/>=`;

/** The start tag that stands at a `<` with a letter behind it; undefined where the text ends within it (HTML standard 13.2.5). */
export function readStartTag(text: string, at: number): StartTag | undefined {
  const nameEnd = upTo(text, at + 1, BEHIND_NAME.slice(0, -1));
  const attributes: Attribute[] = [];
  for (let next = pass(text, nameEnd, BEFORE_ATTRIBUTE); next < text.length; next = pass(text, next, BEFORE_ATTRIBUTE)) {
    if (text[next] === '>') return { name: text.slice(at + 1, nameEnd).toLowerCase(), attributes, end: next + 1 };
    const attribute = readAttribute(text, next);
    if (attribute === undefined) return undefined;
    attributes.push(attribute);
    next = attribute.next;
  }
  return undefined;
}

function readAttribute(text: string, at: number): (Attribute & { readonly next: number }) | undefined {
  // A first = belongs to the name.
  const nameEnd = upTo(text, at + 1, BEHIND_NAME);
  const name = text.slice(at, nameEnd).toLowerCase();
  const behind = pass(text, nameEnd, SPACE);
  if (text[behind] !== '=') return { name, start: nameEnd, end: nameEnd, next: nameEnd };
  const start = pass(text, behind + 1, SPACE);
  const quote = text[start];
  if (quote === undefined) return undefined;
  if (quote !== '"' && quote !== "'") {
    const end = upTo(text, start, `${SPACE}>`);
    return { name, start, end, next: end };
  }
  const end = text.indexOf(quote, start + 1);
  return end < 0 ? undefined : { name, start: start + 1, end, next: end + 1 };
}

/** Where one of the characters stands, or the end. */
function upTo(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && !characters.includes(text[at] as string)) at++;
  return at;
}

/** Behind any of the characters. */
function pass(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && characters.includes(text[at] as string)) at++;
  return at;
}
