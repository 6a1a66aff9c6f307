/** What operations cost, in cel-go's units. */
export const costs = {
  /** Reading a variable. */
  name: 1,
  /** Selecting a field or an element. */
  select: 1,
  list: 10,
  map: 30,
  struct: 40,
  /** A call whose cost no rule knows. */
  call: 1,
  /** Per character that is read once. */
  character: 0.1,
  /** Per character of a regular expression, for each unit that reading the text costs. */
  patternCharacter: 0.25,
  authorizationCheck: 350_000,
} as const;
