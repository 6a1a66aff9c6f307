/** Does something once when the present turn's callbacks and promises have run. */
export interface Deferred {
  turnEnds(): void;
}

let waiting: Deferred[] = [];

/** One callback for all that wait: thousands of watches are written to in one turn. */
export function atTurnEnd(deferred: Deferred): void {
  waiting.push(deferred);
  if (waiting.length === 1) process.nextTick(endTurn);
}

function endTurn(): void {
  const ending = waiting;
  waiting = [];
  for (const deferred of ending) deferred.turnEnds();
}
