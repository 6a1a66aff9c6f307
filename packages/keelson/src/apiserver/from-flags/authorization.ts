import { quote } from '@keelson/machinery';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { AuthorizationMode, AuthorizationOptions, WebhookAuthorizationOptions } from '../options.js';
import { given, type Report } from './report.js';

const modes: readonly AuthorizationMode[] = ['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'Webhook', 'RBAC', 'Node'];

export function authorizationOptions(flags: ApiServerFlagValues, givenFlags: ReadonlySet<string>, report: Report): AuthorizationOptions {
  const configurationFile = given(flags['authorization-config']);
  const wanted = flags['authorization-mode'];
  if (configurationFile !== undefined) {
    const others = [...givenFlags].some((name) => name === 'authorization-mode' || name.startsWith('authorization-webhook-'));
    if (others)
      report('--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined');
  } else checkModes(flags, report);
  const isDefault = wanted.length === 0 && configurationFile === undefined;
  return {
    configurationFile,
    modes: isDefault ? ['AlwaysAllow'] : modes.filter((mode) => wanted.includes(mode)).sort(byPosition(wanted)),
    policyFile: given(flags['authorization-policy-file']),
    webhook: webhookOptions(flags, report),
  };
}

function checkModes(flags: ApiServerFlagValues, report: Report): void {
  const wanted = flags['authorization-mode'];
  const policyFile = flags['authorization-policy-file'];
  const webhookFile = flags['authorization-webhook-config-file'];
  for (const mode of wanted) {
    if (!modes.some((known) => known === mode)) report(`authorization-mode ${quote(mode)} is not a valid mode`);
    if (mode === 'ABAC' && policyFile === '') report("authorization-mode ABAC's authorization policy file not passed");
    if (mode === 'Webhook' && webhookFile === '') report("authorization-mode Webhook's authorization config file not passed");
  }
  if (policyFile !== '' && !wanted.includes('ABAC')) report('cannot specify --authorization-policy-file without mode ABAC');
  if (webhookFile !== '' && !wanted.includes('Webhook')) report('cannot specify --authorization-webhook-config-file without mode Webhook');
  if (new Set(wanted).size < wanted.length) report(`authorization-mode [${wanted.map(quote).join(' ')}] has mode specified more than once`);
}

function webhookOptions(flags: ApiServerFlagValues, report: Report): WebhookAuthorizationOptions | undefined {
  const kubeConfigFile = flags['authorization-webhook-config-file'];
  const version = flags['authorization-webhook-version'];
  if (kubeConfigFile !== '' && version !== 'v1' && version !== 'v1beta1')
    report(`unsupported webhook authorizer version ${quote(version)}, supported versions are "v1", "v1beta1"`);
  const options: WebhookAuthorizationOptions = {
    kubeConfigFile,
    reviewVersion: version === 'v1' ? 'v1' : 'v1beta1',
    authorizedTtlMs: flags['authorization-webhook-cache-authorized-ttl'],
    unauthorizedTtlMs: flags['authorization-webhook-cache-unauthorized-ttl'],
  };
  return kubeConfigFile === '' ? undefined : options;
}

const byPosition = (wanted: readonly string[]) => (a: string, b: string) => wanted.indexOf(a) - wanted.indexOf(b);
