import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import { admissionPlugins, pluginsThatRun } from '../admission/admission-plugins.js';
import type { AdmissionOptions } from '../options.js';
import { given, type Report } from './report.js';

export function admissionOptions(flags: ApiServerFlagValues, report: Report): AdmissionOptions {
  const plugins = pluginsThatRun(selectedPlugins(flags, report));
  return {
    plugins,
    configurationFile: given(flags['admission-control-config-file']),
    allowPrivileged: flags['allow-privileged'],
    tolerationSeconds: {
      notReady: flags['default-not-ready-toleration-seconds'],
      unreachable: flags['default-unreachable-toleration-seconds'],
    },
    initializers: plugins.includes('Initializers'),
    webhookBreakerFailures: flags['webhook-breaker-failures'],
    warnOfRiskyWebhooks: flags['warn-risky-webhooks'],
  };
}

/** The old flag says which plugins run, the others what is different from the default. */
function selectedPlugins(flags: ApiServerFlagValues, report: Report): { enable: readonly string[]; disable: readonly string[] } {
  const all = flags['admission-control'];
  const enable = flags['enable-admission-plugins'];
  const disable = flags['disable-admission-plugins'];
  if (all !== undefined && enable.length + disable.length > 0)
    report('admission-control and enable-admission-plugins/disable-admission-plugins flags are mutually exclusive');
  requireKnown('admission-control', all ?? [], report);
  requireKnown('enable-admission-plugins', enable, report);
  requireKnown('disable-admission-plugins', disable, report);
  const both = [...new Set(enable)].filter((name) => disable.includes(name)).sort();
  if (both.length > 0) report(`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  if (all === undefined) return { enable, disable };
  return { enable: all, disable: admissionPlugins.map(({ name }) => name).filter((name) => !all.includes(name)) };
}

function requireKnown(flag: string, names: readonly string[], report: Report): void {
  for (const name of names)
    if (!admissionPlugins.some((plugin) => plugin.name === name)) report(`${flag} plugin ${JSON.stringify(name)} is unknown`);
}
