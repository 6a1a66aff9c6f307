import { formatGroupVersion } from '@keelson/machinery';
import { FlagError } from './flag-error.js';
import { parseBoolean } from './flag-type.js';

/**
 * A set of versions that one key of `--runtime-config` stands for. `legacy` is what v1.34 no longer has;
 * upstream accepts the key and ignores it.
 */
export type VersionClass = 'all' | 'ga' | 'beta' | 'alpha' | 'legacy';

/** `--runtime-config`, parsed. */
export interface RuntimeConfig {
  readonly classes: ReadonlyMap<VersionClass, boolean>;
  /** By `v1` or `group/version`. */
  readonly versions: ReadonlyMap<string, boolean>;
  /** By `v1/resource` or `group/version/resource`. */
  readonly resources: ReadonlyMap<string, boolean>;
}

const classKeys: ReadonlyMap<string, VersionClass> = new Map(
  (['all', 'ga', 'beta', 'alpha', 'legacy'] as const).map((name) => [`api/${name}`, name]),
);

/** Forms of the core group's version that upstream reads as that alone, whatever stands behind it. */
const coreVersion = /^(api\/)?v1(\/|$)/;

export function parseRuntimeConfig(settings: ReadonlyMap<string, string>): RuntimeConfig {
  const config = { classes: new Map<VersionClass, boolean>(), versions: new Map<string, boolean>(), resources: new Map<string, boolean>() };
  for (const [given, text] of settings) {
    const key = coreVersion.test(given) ? '/v1' : given;
    const versionClass = classKeys.get(key);
    if (versionClass !== undefined) config.classes.set(versionClass, parseClassSetting(key, versionClass, text));
    else setOne(config, key, given, text);
  }
  if (config.classes.get('all') === false && settings.size === 1) throw invalid('invalid key with only api/all=false');
  return config;
}

type Ones = Record<'versions' | 'resources', Map<string, boolean>>;

/** The core group has no name to write before its version: `/v1`, `/v1/pods`. */
function setOne({ versions, resources }: Ones, key: string, given: string, text: string): void {
  const [group = '', version, resource, ...rest] = key.split('/');
  if (version === undefined || rest.length > 0) throw invalid(`invalid key ${given}`);
  const on = parseSetting(given, text);
  if (group === 'api' || !/^v\d+((alpha|beta)\d+)?$/.test(version)) throw invalid(`unknown api version ${JSON.stringify(key)}`);
  const groupVersion = formatGroupVersion({ group, version });
  if (resource === undefined) versions.set(groupVersion, on);
  else if (resource === resource.toLowerCase()) resources.set(`${groupVersion}/${resource}`, on);
  else throw invalid(`invalid key ${key}: group/version/resource and resource is always lowercase plural, not ${JSON.stringify(resource)}`);
}

/** What the composition knows of a resource it could serve in one of its versions. */
export interface ServableResource {
  /** `v1` or `group/version`. */
  readonly groupVersion: string;
  readonly resource: string;
  /** On in v1.34 when nothing is said about it. */
  readonly onByDefault: boolean;
  /** Only older releases served it: with all of its version, or alone. */
  readonly removed: false | 'version' | 'resource';
}

/** The most specific setting decides: the resource's own, its version's, then its class, then `api/all`, then the default. */
export function isResourceEnabled(
  { classes, versions, resources }: RuntimeConfig,
  { groupVersion, resource, onByDefault, removed }: ServableResource,
): boolean {
  const own = resources.get(`${groupVersion}/${resource}`);
  if (own !== undefined) return own;
  const whole = versions.get(groupVersion);
  // Who switches on a version that v1.34 has gets what v1.34 has in it.
  if (whole !== undefined && !(whole && removed === 'resource')) return whole;
  const stability = stabilityOf(groupVersion);
  const current = classes.get(stability) ?? classes.get('all') ?? onByDefault;
  if (!removed) return current;
  // What was alpha then is no steadier now.
  return (classes.get('legacy') ?? false) && (stability !== 'alpha' || current);
}

function stabilityOf(groupVersion: string): 'ga' | 'beta' | 'alpha' {
  if (/v\d+alpha\d+$/.test(groupVersion)) return 'alpha';
  return /v\d+beta\d+$/.test(groupVersion) ? 'beta' : 'ga';
}

/** Upstream takes no other words here; it ignores `api/legacy`. */
function parseClassSetting(key: string, versionClass: VersionClass, text: string): boolean {
  if (versionClass === 'legacy') return parseSetting(key, text);
  if (text !== 'true' && text !== 'false') throw invalid(`invalid value ${key}=${text}`);
  return text === 'true';
}

/** A key without a value switches on. */
function parseSetting(key: string, text: string): boolean {
  try {
    return text === '' ? true : parseBoolean(text);
  } catch (error) {
    throw invalid(`invalid value of ${key}: ${text}`, error);
  }
}

function invalid(why: string, cause?: unknown): FlagError {
  return new FlagError(`--runtime-config: ${why}`, { cause });
}
