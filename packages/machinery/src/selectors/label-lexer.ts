/** A token of the text form of label selectors: a symbol, a word (`in` and `notin` may be operators), or the end. */
export interface Token {
  readonly type: '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<' | 'in' | 'notin' | 'word' | 'end';
  /** As written; empty at the end. */
  readonly text: string;
}

const tokenAt = /[ \t\r\n]*(?:(==|!=|[()=!,<>])|([^ \t\r\n()=!,<>]+))?/y;

export function scanLabelSelector(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = tokenAt.lastIndex) {
    tokenAt.lastIndex = at;
    const [, symbol, word] = tokenAt.exec(text) ?? [];
    if (symbol !== undefined) tokens.push({ type: symbol as Token['type'], text: symbol });
    else if (word !== undefined) tokens.push({ type: word === 'in' || word === 'notin' ? word : 'word', text: word });
  }
  tokens.push({ type: 'end', text: '' });
  return tokens;
}
