import type { PathLayer } from '../dispatch/path-layer.js';
import { sendText } from '../respond/document.js';

/** version.Info: what `/version` answers and clients compare themselves with. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
  readonly [compatibility: `${string}CompatibilityMajor` | `${string}CompatibilityMinor` | `emulation${string}`]: string;
}

/** The Kubernetes release whose API is served, and the program that serves it, of which neither commit nor time are known. */
export function versionInfo(gitVersion: string): VersionInfo {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: process.version,
    compiler: 'v8',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}

export function installVersion(paths: PathLayer, info: VersionInfo): void {
  const text = JSON.stringify(info);
  const form = { media: 'application/json', viewVersion: 'v1', pretty: true } as const;
  paths.handleDocument('/version', form.media, (ctx) => {
    ctx.respond = false;
    sendText(ctx, 200, text, form);
    return undefined;
  });
}
