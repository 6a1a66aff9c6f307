import { type AdjustableLog, type ApiServer, installLogFiles, installLogVerbosity, installProfiling } from '@keelson/server';
import type { DebuggingOptions } from './options.js';

/** Adds the paths that look into the server; they take the way of every request, so that they are for the authorized only. */
export function installDebugging({ paths }: ApiServer, { profiling, logFiles }: DebuggingOptions, log: AdjustableLog): void {
  if (profiling) {
    installProfiling(paths);
    installLogVerbosity(paths, log);
  }
  if (logFiles) installLogFiles(paths);
}
