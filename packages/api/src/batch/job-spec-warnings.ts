import type { FieldPath } from '@keelson/machinery';
import type { batch } from '@keelson/schema';
import { podWarnings } from '../pod/warnings/pod-warnings.js';

const manyCompletions = 100_000;
const muchParallelism = 10_000;

/** What jobs, and the templates of cron jobs, should better not ask for. */
export function jobSpecWarnings({ completionMode, completions = 0, parallelism = 0, template }: batch.v1.JobSpec, at: FieldPath): string[] {
  const isTooLarge = completionMode === 'Indexed' && completions > manyCompletions && parallelism > muchParallelism;
  const warning =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, ' +
    'Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [...(isTooLarge ? [`${at}: ${warning}`] : []), ...podWarnings(template, at.child('template'))];
}
