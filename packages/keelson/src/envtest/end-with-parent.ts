/** Looking costs next to nothing, and nobody waits for the end of what was left behind. */
const LOOK_MS = 500;

/** A test suite that is killed cannot stop what it has started: this process stops, as if it was told to, when its parent is gone. */
export function endWithParent(): void {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  look.unref();
}
