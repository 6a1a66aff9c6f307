import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AuthorizationMode, AuthorizationOptions } from '../options.js';
import type { Report } from './report.js';

const modes: readonly AuthorizationMode[] = ['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'Webhook', 'RBAC', 'Node'];

/** Modes this server enforces. Taking another one for AlwaysAllow would open the cluster, so they are refused. */
const enforcedModes: ReadonlySet<AuthorizationMode> = new Set(['AlwaysAllow', 'AlwaysDeny', 'RBAC', 'Node']);

export function authorizationOptions(flags: ApiServerFlagValues, report: Report): AuthorizationOptions {
  const wanted = flags['authorization-mode'];
  for (const [index, name] of wanted.entries()) {
    const mode = modes.find((candidate) => candidate === name);
    if (mode === undefined) report(`authorization-mode ${JSON.stringify(name)} is not a valid mode`);
    else if (!enforcedModes.has(mode))
      report(`authorization-mode ${JSON.stringify(name)} is not supported: available are ${[...enforcedModes].join(', ')}`);
    if (wanted.indexOf(name) < index) report(`authorization-mode ${JSON.stringify(name)} has mode specified more than once`);
  }
  return { modes: wanted.length === 0 ? ['AlwaysAllow'] : modes.filter((mode) => wanted.includes(mode)).sort(byPosition(wanted)) };
}

const byPosition = (wanted: readonly string[]) => (a: string, b: string) => wanted.indexOf(a) - wanted.indexOf(b);
