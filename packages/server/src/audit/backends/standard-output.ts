import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Appendable } from './log-output.js';

const writeTo = promisify(write);
const STDOUT = 1;
const FULL_PIPE_MS = 10;

/**
 * `--audit-log-path=-`. Written past process.stdout, which waits for a slow reader on the main thread and all requests
 * with it.
 */
export const standardOutput: Appendable = {
  maxBytes: 64 * 1024,

  async append(bytes) {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += (await writeTo(STDOUT, bytes, at, bytes.length - at, null)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        await sleep(FULL_PIPE_MS);
      }
    }
  },

  close: () => Promise.resolve(),
};
