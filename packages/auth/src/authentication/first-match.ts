import { combinedFailure } from './combined-failure.js';

/**
 * Asks one after the other until somebody knows the answer. A failure does not stop the others: a request may carry a
 * certificate that is of no use here and a token that is good. When nobody knows, the failures are thrown.
 * Stays synchronous as long as everybody asked does.
 */
export function firstMatch<T, R extends object>(
  candidates: readonly T[],
  ask: (candidate: T) => Promise<R | undefined> | R | undefined,
): Promise<R | undefined> | R | undefined {
  const failures: unknown[] = [];
  for (let i = 0; i < candidates.length; i++) {
    try {
      const answer = ask(candidates[i] as T);
      if (answer instanceof Promise) return firstMatchAsync(candidates, ask, i + 1, answer, failures);
      if (answer !== undefined) return answer;
    } catch (error) {
      failures.push(error);
    }
  }
  return nobody(failures);
}

async function firstMatchAsync<T, R extends object>(
  candidates: readonly T[],
  ask: (candidate: T) => Promise<R | undefined> | R | undefined,
  next: number,
  pending: Promise<R | undefined>,
  failures: unknown[],
): Promise<R | undefined> {
  try {
    const answer = await pending;
    if (answer !== undefined) return answer;
  } catch (error) {
    failures.push(error);
  }
  for (const candidate of candidates.slice(next)) {
    try {
      const answer = await ask(candidate);
      if (answer !== undefined) return answer;
    } catch (error) {
      failures.push(error);
    }
  }
  return nobody(failures);
}

function nobody(failures: readonly unknown[]): undefined {
  if (failures.length === 0) return undefined;
  throw combinedFailure(failures);
}
