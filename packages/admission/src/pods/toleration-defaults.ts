import { type Json, path } from '@keelson/machinery';
import { type ConfigurationKind, codecOf, type core, readInnerConfiguration, shape, validateTolerations } from '@keelson/schema';

type Toleration = core.v1.Toleration;

/** What pods tolerate, and may tolerate, whose namespace does not say. */
export interface TolerationDefaults {
  readonly default: readonly Toleration[];
  readonly whitelist: readonly Toleration[];
}

const configurationKind: ConfigurationKind<{ readonly default?: readonly Json[]; readonly whitelist?: readonly Json[] }> = {
  kind: 'Configuration',
  apiVersions: ['podtolerationrestriction.admission.k8s.io/v1alpha1'],
  shape: shape.fields({ default: shape.listOf(shape.anything), whitelist: shape.listOf(shape.anything) }),
};

/** Reads the configuration of PodTolerationRestriction. Throws when it is none, or names tolerations that cannot be. */
export function readTolerationDefaults(given: Json | undefined): TolerationDefaults {
  const read = given === undefined ? {} : readInnerConfiguration(given, configurationKind, { lenient: true }).value;
  const defaults = { default: (read.default ?? []).map(readToleration), whitelist: (read.whitelist ?? []).map(readToleration) };
  const at = path('podtolerationrestriction');
  const errors = [
    ...validateTolerations(defaults.default, at.child('default')),
    ...validateTolerations(defaults.whitelist, at.child('whitelist')),
  ];
  if (errors.length > 0) throw new Error(`invalid config: [${errors.join(' ')}]`);
  return defaults;
}

/** Throws `DecodeError` for what is no toleration. */
export function readToleration(value: Json): Toleration {
  return codecOf<Toleration>('core.v1.Toleration').fromJson(value);
}
