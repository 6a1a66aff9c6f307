/** How much a pod may do to its node, from everything to next to nothing. */
export type Level = 'privileged' | 'baseline' | 'restricted';

/** In order of strictness. */
const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];

export const LEVEL_EXPECTED = `must be one of ${LEVELS.join(', ')}`;

export function parseLevel(text: string): Level | undefined {
  return LEVELS.find((level) => level === text);
}

/** Positive when `a` is the stricter one. */
export function compareLevels(a: Level, b: Level): number {
  return LEVELS.indexOf(a) - LEVELS.indexOf(b);
}
