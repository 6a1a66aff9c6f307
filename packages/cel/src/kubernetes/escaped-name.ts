/** Words that cannot be names of fields in expressions. */
const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

const ESCAPES: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' };

/** The name that an expression has to write as `a__dot__b`. Undefined where it has escapes that there are not. */
export function unescapeName(escaped: string): string | undefined {
  let isGood = true;
  const name = escaped.replace(/__([^_]+)__/g, (whole, content: string) => {
    if (Object.hasOwn(ESCAPES, content)) return ESCAPES[content] as string;
    isGood &&= RESERVED.has(content) && whole.length === escaped.length;
    return content;
  });
  return isGood ? name : undefined;
}

/** How expressions write a name. Undefined where they cannot: names have other characters than those that have escapes. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  const escaped = name.replace(/__|[.\-/]/g, (part) => `__${WORDS[part]}__`);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}

const WORDS: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(ESCAPES).map(([word, text]) => [text, word]));
