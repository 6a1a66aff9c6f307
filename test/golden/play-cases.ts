import type { GoldenCase } from './golden-case.js';
import type { CaseResult, Player } from './player.js';

/** Plays cases up to `jobs` at once, then those that bear no others beside them one by one. */
export async function playCases(
  player: Player,
  cases: readonly GoldenCase[],
  jobs: number,
  onResult: (result: CaseResult) => void = () => undefined,
): Promise<CaseResult[]> {
  const playable = cases.filter((goldenCase) => player.canPlay(goldenCase));
  const results: CaseResult[] = [];
  const playAll = async (queue: GoldenCase[]) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const result = await playWithinASecond(player, next);
      results.push(result);
      onResult(result);
    }
  };
  const together = playable.filter(({ serial }) => serial !== true);
  await Promise.all(Array.from({ length: jobs }, () => playAll(together)));
  await playAll(playable.filter(({ serial }) => serial === true));
  return results;
}

const morePlays = 2;

/**
 * Plays a case, and again one that differs after a second has begun meanwhile. Servers write times in whole seconds, so
 * that a write that changes nothing, as recorded within one second, changes such a time when it falls into the next one:
 * the last update of a condition of a signing request, for one. What differs within a second differs for good.
 */
async function playWithinASecond(player: Player, goldenCase: GoldenCase): Promise<CaseResult> {
  for (let plays = 1; ; plays++) {
    const began = wholeSeconds();
    const result = await player.play(goldenCase);
    if (result.failures.length === 0 || wholeSeconds() === began || plays > morePlays) return result;
  }
}

const wholeSeconds = () => Math.floor(Date.now() / 1000);
