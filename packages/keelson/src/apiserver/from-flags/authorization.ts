import { quote } from '@keelson/machinery';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AuthorizationMode, AuthorizationOptions } from '../options.js';
import { given, type Report } from './report.js';

const modes: readonly AuthorizationMode[] = ['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'Webhook', 'RBAC', 'Node'];

/** Modes this server enforces. Taking another one for AlwaysAllow would open the cluster, so they are refused. */
const enforcedModes: ReadonlySet<AuthorizationMode> = new Set(['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'RBAC', 'Node']);

export function authorizationOptions(flags: ApiServerFlagValues, report: Report): AuthorizationOptions {
  const wanted = flags['authorization-mode'];
  const policyFile = given(flags['authorization-policy-file']);
  for (const name of wanted) {
    const mode = modes.find((candidate) => candidate === name);
    if (mode === undefined) report(`authorization-mode ${quote(name)} is not a valid mode`);
    else if (!enforcedModes.has(mode))
      report(`authorization-mode ${quote(name)} is not supported: available are ${[...enforcedModes].join(', ')}`);
    if (mode === 'ABAC' && policyFile === undefined) report("authorization-mode ABAC's authorization policy file not passed");
  }
  if (policyFile !== undefined && !wanted.includes('ABAC')) report('cannot specify --authorization-policy-file without mode ABAC');
  if (new Set(wanted).size < wanted.length) report(`authorization-mode [${wanted.map(quote).join(' ')}] has mode specified more than once`);
  return {
    modes: wanted.length === 0 ? ['AlwaysAllow'] : modes.filter((mode) => wanted.includes(mode)).sort(byPosition(wanted)),
    policyFile,
  };
}

const byPosition = (wanted: readonly string[]) => (a: string, b: string) => wanted.indexOf(a) - wanted.indexOf(b);
