import { PRODUCTS, RELATIONS, SUMS } from './operators.js';
import { type Place, place, tokenPlace } from './recognizer.js';
import { Kind } from './tokens.js';

// What may come at each point of each rule of CEL's grammar where an error can be noticed. Behind a call of a rule stands
// what may follow it in the calling rule; `ends` says that the calling rule may end there too.

const LITERALS: readonly Kind[] = [Kind.Minus, Kind.True, Kind.False, Kind.Null, Kind.Float, Kind.Int, Kind.Uint, Kind.String, Kind.Bytes];
const PRIMARIES: readonly Kind[] = [Kind.OpenBracket, Kind.OpenBrace, Kind.OpenParen, Kind.Dot, Kind.Identifier, ...LITERALS];
const EXPRESSIONS: readonly Kind[] = [...PRIMARIES, Kind.Not];
const OPTIONAL_EXPRESSIONS: readonly Kind[] = [...EXPRESSIONS, Kind.Question];
const NAMES: readonly Kind[] = [Kind.Identifier, Kind.QuotedIdentifier];
const FIELDS: readonly Kind[] = [Kind.Question, ...NAMES];

export const END = place([], true);
const SELECTORS = place([Kind.Dot, Kind.OpenBracket], true);
const COMMAS = place([Kind.Comma], true);

/** First tokens, for choices. */
export const starts = {
  primary: new Set(PRIMARIES),
  expression: new Set(EXPRESSIONS),
  optionalExpression: new Set(OPTIONAL_EXPRESSIONS),
  field: new Set(FIELDS),
};

export const after = {
  start: place([Kind.End]),
  condition: place([Kind.Question], true),
  truthy: place([Kind.Colon]),
  falsy: END,
  orTerm: place([Kind.Or], true),
  andTerm: place([Kind.And], true),
  relationTerm: place(RELATIONS.keys(), true),
  calcTerm: place([...PRODUCTS.keys(), ...SUMS.keys()], true),
  unary: END,
  member: SELECTORS,
  selectedName: SELECTORS,
  arguments: place([Kind.CloseParen]),
  memberArguments: place([Kind.CloseParen]),
  index: place([Kind.CloseBracket]),
  nested: place([Kind.CloseParen]),
  elements: place([Kind.Comma, Kind.CloseBracket]),
  entries: place([Kind.Comma, Kind.CloseBrace]),
  argument: COMMAS,
  element: COMMAS,
  key: place([Kind.Colon]),
  entryValue: COMMAS,
  literal: END,
  name: END,
  optionalExpression: END,
} satisfies Record<string, Place>;

export const before = {
  unary: place(EXPRESSIONS),
  notAgain: place([...PRIMARIES, Kind.Not]),
  negateAgain: place(PRIMARIES),
  selector: SELECTORS,
  laterSelector: place(SELECTORS.next, true),
  primary: place(PRIMARIES),
  arguments: place([...EXPRESSIONS, Kind.CloseParen]),
  memberArguments: place([...EXPRESSIONS, Kind.CloseParen]),
  index: place(OPTIONAL_EXPRESSIONS),
  elements: place([...OPTIONAL_EXPRESSIONS, Kind.Comma, Kind.CloseBracket]),
  lastComma: place([Kind.Comma, Kind.CloseBracket]),
  entries: place([...OPTIONAL_EXPRESSIONS, Kind.Comma, Kind.CloseBrace]),
  lastEntryComma: place([Kind.Comma, Kind.CloseBrace]),
  fields: place([...FIELDS, Kind.Comma, Kind.CloseBrace]),
  lastFieldComma: place([Kind.Comma, Kind.CloseBrace]),
  field: place(FIELDS),
  name: place(NAMES),
  optionalExpression: place(OPTIONAL_EXPRESSIONS),
  literal: place(LITERALS),
} satisfies Record<string, Place>;

export const tokens = {
  end: tokenPlace(Kind.End, END),
  conditionColon: tokenPlace(Kind.Colon, place(EXPRESSIONS)),
  closeArguments: tokenPlace(Kind.CloseParen, END),
  closeMemberArguments: tokenPlace(Kind.CloseParen, SELECTORS),
  closeIndex: tokenPlace(Kind.CloseBracket, SELECTORS),
  closeNested: tokenPlace(Kind.CloseParen, END),
  closeList: tokenPlace(Kind.CloseBracket, END),
  closeMap: tokenPlace(Kind.CloseBrace, END),
  closeStruct: tokenPlace(Kind.CloseBrace, END),
  entryColon: tokenPlace(Kind.Colon, place(EXPRESSIONS)),
  laterEntryColon: tokenPlace(Kind.Colon, place(EXPRESSIONS)),
};
