const STAGED = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/;

/** alpha, beta, then what has neither. */
const stages: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };

/**
 * Orders version names by how stable and how new they are: `v2`, `v1`, `v2beta1`, `v1beta2`, `v1alpha1`, then names of
 * another form, alphabetically. For `sort`.
 */
export function compareVersions(a: string, b: string): number {
  const [ofA, ofB] = [STAGED.exec(a), STAGED.exec(b)];
  if (ofA === null || ofB === null) return Number(ofA === null) - Number(ofB === null) || (a < b ? -1 : a > b ? 1 : 0);
  return stage(ofB) - stage(ofA) || Number(ofB[1]) - Number(ofA[1]) || Number(ofB[3] ?? 0) - Number(ofA[3] ?? 0);
}

function stage(match: RegExpExecArray): number {
  return stages[match[2] ?? ''] ?? 3;
}
