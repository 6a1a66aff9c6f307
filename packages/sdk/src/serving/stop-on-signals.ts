import type { ExtensionServer } from './extension-server.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The first signal stops it gracefully, a second one ends the process at once. */
export function stopOnSignals(server: ExtensionServer): void {
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void server.stop().catch(() => process.exit(1));
  };
  const off = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  server.whenStopped.then(off, off);
}
