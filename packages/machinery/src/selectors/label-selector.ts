import { compileRequirement, formatRequirement, type LabelMatcher, type Labels, type Requirement } from './requirement.js';

/** Conditions on labels, all of which must hold. Immutable, compiled once. */
export class LabelSelector {
  /** Matches everything. */
  static readonly everything = new LabelSelector([]);
  /** Matches nothing: what an absent selector in an object means. */
  static readonly nothing = new LabelSelector([], () => false);

  /** Ordered by key. */
  readonly requirements: readonly Requirement[];
  /** Whether labels fulfil every requirement. Allocates nothing. */
  readonly matches: LabelMatcher;

  constructor(requirements: readonly Requirement[], matches?: LabelMatcher) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.matches = matches ?? compileAll(this.requirements);
  }

  get matchesEverything(): boolean {
    return this.requirements.length === 0 && this !== LabelSelector.nothing;
  }

  /** The value a label must have exactly, when there is one: lets an index stand in for a scan. */
  exactValue(key: string): string | undefined {
    for (const { key: candidate, operator, values } of this.requirements) {
      if (candidate !== key) continue;
      if (operator === '=' || operator === '==' || (operator === 'in' && values.length === 1)) return values[0];
    }
    return undefined;
  }

  /** The canonical text: parsing it gives an equal selector. */
  toString(): string {
    return this.requirements.map(formatRequirement).join(',');
  }
}

function compileAll(requirements: readonly Requirement[]): LabelMatcher {
  const matchers = requirements.map(compileRequirement);
  const [first, second] = matchers;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (matchers.length === 2) return (labels) => first(labels) && second(labels);
  return (labels: Labels | undefined) => {
    for (let i = 0; i < matchers.length; i++) if (!matchers[i]?.(labels)) return false;
    return true;
  };
}
