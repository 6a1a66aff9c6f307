import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';

export interface ControlPlanesOrder {
  /** Started one after the other. */
  readonly inTurn: number;
  /** Then all together. */
  readonly atOnce: number;
}

export interface ControlPlaneTimes {
  /** In milliseconds, until its promise is fulfilled; the first one runs code that this process has never run before. */
  readonly inTurn: readonly number[];
  /** Until the last of them can be used. */
  readonly atOnce: number;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const startMs = performance.now();
  const result = await work();
  return { ms: performance.now() - startMs, result };
}

async function measure({ inTurn, atOnce }: ControlPlanesOrder): Promise<ControlPlaneTimes> {
  const times: number[] = [];
  for (let at = 0; at < inTurn; at++) {
    const { ms, result } = await timed(() => startTestControlPlane());
    times.push(ms);
    await result.stop();
  }
  const { ms, result } = await timed(() => Promise.all(Array.from({ length: atOnce }, () => startTestControlPlane())));
  await Promise.all(result.map((plane: TestControlPlane) => plane.stop()));
  return { inTurn: times, atOnce: ms };
}

process.on('message', (order: ControlPlanesOrder) => {
  measure(order).then(
    (times) => process.send?.(times),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({});
