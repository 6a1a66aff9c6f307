const SIBILANT = /(s|x|z|ch|sh)$/;
const CONSONANT_Y = /[^aeiou]y$/;

/** The usual plural of a lower-case kind, as Kubernetes guesses it: policies, ingresses, flunders. */
export function pluralOf(singular: string): string {
  if (SIBILANT.test(singular)) return `${singular}es`;
  return CONSONANT_Y.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
