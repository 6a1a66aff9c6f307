/** Token kinds of CEL. Their order is the order in which errors list what was expected. */
export const Kind = {
  End: 0,
  Equals: 1,
  NotEquals: 2,
  In: 3,
  Less: 4,
  LessEquals: 5,
  GreaterEquals: 6,
  Greater: 7,
  And: 8,
  Or: 9,
  OpenBracket: 10,
  CloseBracket: 11,
  OpenBrace: 12,
  CloseBrace: 13,
  OpenParen: 14,
  CloseParen: 15,
  Dot: 16,
  Comma: 17,
  Minus: 18,
  Not: 19,
  Question: 20,
  Colon: 21,
  Plus: 22,
  Star: 23,
  Slash: 24,
  Percent: 25,
  True: 26,
  False: 27,
  Null: 28,
  Float: 29,
  Int: 30,
  Uint: 31,
  String: 32,
  Bytes: 33,
  Identifier: 34,
  QuotedIdentifier: 35,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** How errors name each kind. */
export const KIND_NAMES: readonly string[] = [
  '<EOF>',
  "'=='",
  "'!='",
  "'in'",
  "'<'",
  "'<='",
  "'>='",
  "'>'",
  "'&&'",
  "'||'",
  "'['",
  "']'",
  "'{'",
  "'}'",
  "'('",
  "')'",
  "'.'",
  "','",
  "'-'",
  "'!'",
  "'?'",
  "':'",
  "'+'",
  "'*'",
  "'/'",
  "'%'",
  "'true'",
  "'false'",
  "'null'",
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
  'ESC_IDENTIFIER',
];

export interface Token {
  readonly kind: Kind;
  readonly text: string;
  /** Offset in the source. */
  readonly at: number;
  /** White space and comments before it. */
  readonly hidden: string;
}

export function isNumber(kind: Kind): boolean {
  return kind === Kind.Int || kind === Kind.Float;
}
