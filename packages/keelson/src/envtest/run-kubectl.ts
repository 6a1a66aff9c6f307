import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';

/** Runs the kubectl of the PATH, wherever this one stands in it. Ends as it ends. */
export async function runKubectl(args: readonly string[], ownDir: string): Promise<void> {
  const file = await findOther('kubectl', ownDir);
  if (file === undefined) throw new Error('there is no kubectl on the PATH: install it to use it in tests');
  const child = spawn(file, args, { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  process.exit(code ?? 128 + (signal === null ? 0 : system.signals[signal]));
}

async function findOther(program: string, ownDir: string): Promise<string | undefined> {
  const own = await realpath(ownDir);
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(dir, program);
    try {
      await access(file, constants.X_OK);
      if ((await realpath(dir)) !== own) return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
