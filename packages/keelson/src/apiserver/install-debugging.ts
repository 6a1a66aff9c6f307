import { kubernetesRelease } from '@keelson/machinery';
import {
  type AdjustableLog,
  type ApiServer,
  installFlagsPage,
  installLogFiles,
  installLogVerbosity,
  installProfiling,
  installStatusPage,
} from '@keelson/server';
import type { ApiServerOptions } from './options.js';

/** Adds the paths that look into the server; they take the way of every request, so that they are for the authorized only. */
export function installDebugging({ paths }: ApiServer, { debugging, features, flags }: ApiServerOptions, log: AdjustableLog): void {
  const { profiling, logFiles } = debugging;
  if (profiling) {
    installProfiling(paths);
    installLogVerbosity(paths, log);
  }
  if (logFiles) installLogFiles(paths);
  if (features.get('ComponentStatusz')) installStatusPage(paths, releaseOf(kubernetesRelease));
  if (features.get('ComponentFlagz')) installFlagsPage(paths, flags);
}

/** `1.34` of `v1.34.0` */
function releaseOf(version: string): string {
  return /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
}
