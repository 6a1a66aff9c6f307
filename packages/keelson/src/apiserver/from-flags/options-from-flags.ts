import { deepFreeze } from '@keelson/machinery';
import { type ApiServerFlagValues, apiServerFlags } from '../../flags/apiserver-flags.js';
import { resolveFeatureGates } from '../../flags/feature-gates.js';
import type { Flag } from '../../flags/flag.js';
import { FlagError } from '../../flags/flag-error.js';
import type { GivenFlag } from '../../flags/parse-flags.js';
import { parseRuntimeConfig } from '../../flags/runtime-config.js';
import type { ApiServerOptions } from '../options.js';
import { admissionOptions } from './admission.js';
import { aggregatorOptions } from './aggregator.js';
import { auditOptions } from './auditing.js';
import { authenticationOptions } from './authentication.js';
import { authorizationOptions } from './authorization.js';
import { controllerOptions } from './controllers.js';
import { egressConfigurationFile } from './egress.js';
import { kubeletOptions } from './kubelets.js';
import { limitOptions, shutdownOptions } from './limits.js';
import { serviceOptions } from './services.js';
import { servingOptions } from './serving.js';
import { storageOptions, storagePolicyOptions } from './storage.js';

/** A command line: the values of all flags, and which of them it has. */
export interface GivenFlags {
  readonly values: ApiServerFlagValues;
  readonly given: readonly GivenFlag[];
}

/** Checks flag values against each other and against their ranges. Throws one `FlagError` with a line a problem. */
export function optionsFromFlags({ values: flags, given }: GivenFlags): ApiServerOptions {
  const problems: string[] = [];
  const report = (problem: string) => void problems.push(problem);
  const givenFlags = new Set(given.map(({ name }) => name));
  const authorization = authorizationOptions(flags, givenFlags, report);
  const options: ApiServerOptions = {
    storage: storageOptions(flags, report),
    storagePolicy: storagePolicyOptions(flags, report),
    serving: servingOptions(flags, report),
    authentication: authenticationOptions(flags, givenFlags, authorization.modes.includes('AlwaysAllow'), report),
    authorization,
    admission: admissionOptions(flags, report),
    audit: auditOptions(flags, report),
    runtimeConfig: parseRuntimeConfig(flags['runtime-config']),
    features: resolveFeatureGates(flags['feature-gates']),
    limits: limitOptions(flags, report),
    shutdown: shutdownOptions(flags),
    services: serviceOptions(flags, report),
    controllers: controllerOptions(flags, report),
    aggregator: aggregatorOptions(flags, report),
    kubelets: kubeletOptions(flags, report),
    egressConfigurationFile: egressConfigurationFile(flags, report),
    logging: { format: flags['logging-format'], verbosity: flags.v },
    flags: flagTexts(flags, given),
    debugging: { profiling: flags.profiling, logFiles: flags['enable-logs-handler'] },
    disabledMetrics: flags['disabled-metrics'],
  };
  if (problems.length > 0) throw new FlagError(problems.join('\n'));
  return deepFreeze(options);
}

/** Of a flag that was given several times, its last text. */
function flagTexts(values: ApiServerFlagValues, given: readonly GivenFlag[]): ReadonlyMap<string, string> {
  const texts = Object.entries<Flag>(apiServerFlags).map(([name, flag]): [string, string] => [name, textOf(flag, values[name as never])]);
  return new Map([...texts, ...given.map(({ name, text }): [string, string] => [name, text])]);
}

/** What `--help` does not show of a default is false, 0 or nothing. */
function textOf({ type }: Flag, value: unknown): string {
  const shown = type.format(value).replace(/^"(.*)"$/, '$1');
  return shown === '' && (typeof value === 'boolean' || typeof value === 'number') ? String(value) : shown;
}
