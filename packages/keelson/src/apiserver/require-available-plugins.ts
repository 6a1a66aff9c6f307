import { pluginNames } from '@keelson/admission';
import { FlagError } from '../flags/flag-error.js';

/** Plugins that run by default may be missing; one that is asked for by name may not: something relies on it. */
export function requireAvailablePlugins(asked: readonly string[]): void {
  const missing = asked.filter((name) => !pluginNames.has(name));
  if (missing.length === 0) return;
  const available = [...pluginNames].join(', ');
  throw new FlagError(`--enable-admission-plugins: ${missing.join(', ')} not supported: available are ${available}`);
}
