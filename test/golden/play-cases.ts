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
      const result = await player.play(next);
      results.push(result);
      onResult(result);
    }
  };
  const together = playable.filter(({ serial }) => serial !== true);
  await Promise.all(Array.from({ length: jobs }, () => playAll(together)));
  await playAll(playable.filter(({ serial }) => serial === true));
  return results;
}
