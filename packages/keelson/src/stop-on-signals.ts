import type { Output } from './output.js';

/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>;
  /** Ends, without waiting, what would outlive this process; it exits right after. */
  abandon?(): void;
  /** Fulfilled after `stop`, rejected when it ended by itself. */
  readonly whenStopped: Promise<void>;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Waits until `target` has ended. The first signal stops it gracefully, a second one ends the process at once. */
export async function stopOnSignals(target: Stoppable, output: Output): Promise<void> {
  let onSignal: (signal: NodeJS.Signals) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    let stopping = false;
    onSignal = (signal) => {
      if (stopping) {
        target.abandon?.();
        process.exit(1);
      }
      stopping = true;
      output.print(`${signal}: stopping; send it again to stop at once`);
      target.stop().catch(reject);
    };
    target.whenStopped.then(resolve, reject);
  });
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await ended;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
