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
}

const classKeys: ReadonlyMap<string, VersionClass> = new Map(
  (['all', 'ga', 'beta', 'alpha', 'legacy'] as const).map((name) => [`api/${name}`, name]),
);

/** The core group has no name to write before its version. Its resources cannot be switched: upstream, too, reads the version alone. */
const coreVersion = /^(api\/)?v1(\/|$)/;

export function parseRuntimeConfig(settings: ReadonlyMap<string, string>): RuntimeConfig {
  const classes = new Map<VersionClass, boolean>();
  const versions = new Map<string, boolean>();
  for (const [given, text] of settings) {
    const on = parseSetting(given, text);
    const key = coreVersion.test(given) ? 'v1' : given;
    const versionClass = classKeys.get(key);
    const parts = key.split('/');
    if (versionClass !== undefined) classes.set(versionClass, on);
    else if (key === 'v1' || (parts.length === 2 && parts[0] !== 'api' && isVersion(parts[1]))) versions.set(key, on);
    else if (parts.length === 3 && isVersion(parts[1])) {
      throw new FlagError(`invalid argument for "--runtime-config" flag: single resources such as ${key} cannot be switched`);
    } else throw new FlagError(`invalid argument for "--runtime-config" flag: unknown api version ${JSON.stringify(key)}`);
  }
  if (classes.get('all') === false && settings.size === 1) {
    throw new FlagError('invalid argument for "--runtime-config" flag: invalid key with only api/all=false');
  }
  return { classes, versions };
}

/** What the composition knows of a version it could serve. */
export interface ServableVersion {
  /** `v1` or `group/version`. */
  readonly groupVersion: string;
  /** On in v1.34 when nothing is said about it. */
  readonly onByDefault: boolean;
  /** Only older releases served it, or those of its resources that this is about. */
  readonly removed: false | 'version' | 'resources';
}

/** The most specific setting decides: the version's own, then its class, then `api/all`, then the default. */
export function isVersionEnabled({ classes, versions }: RuntimeConfig, { groupVersion, onByDefault, removed }: ServableVersion): boolean {
  const own = versions.get(groupVersion);
  // Who switches on a version that v1.34 has gets what v1.34 has in it.
  if (own !== undefined && !(own && removed === 'resources')) return own;
  const stability = stabilityOf(groupVersion);
  const current = classes.get(stability) ?? classes.get('all') ?? onByDefault;
  if (!removed) return current;
  // What was alpha then is no steadier now.
  return (classes.get('legacy') ?? false) && (stability !== 'alpha' || current);
}

export function stabilityOf(groupVersion: string): 'ga' | 'beta' | 'alpha' {
  if (/v\d+alpha\d+$/.test(groupVersion)) return 'alpha';
  return /v\d+beta\d+$/.test(groupVersion) ? 'beta' : 'ga';
}

const isVersion = (text: string | undefined): boolean => text !== undefined && /^v\d+((alpha|beta)\d+)?$/.test(text);

/** A key without a value switches on. */
function parseSetting(key: string, text: string): boolean {
  try {
    return text === '' ? true : parseBoolean(text);
  } catch (error) {
    throw new FlagError(`invalid argument for "--runtime-config" flag: invalid value of ${key}: ${text}`, { cause: error });
  }
}
