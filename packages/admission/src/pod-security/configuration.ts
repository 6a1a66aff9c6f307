import {
  aggregate,
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  type Json,
  path,
} from '@keelson/machinery';
import { type ConfigurationKind, readInnerConfiguration, shape } from '@keelson/schema';
import { LEVEL_EXPECTED, parseLevel } from './level.js';
import { type LevelVersion, type Mode, type Policy, PRIVILEGED } from './policy.js';
import { parsePolicyVersion, VERSION_EXPECTED } from './policy-version.js';

export interface PodSecurityConfiguration {
  /** What holds where the labels of a namespace say nothing. */
  readonly defaults: Policy;
  /** Nothing is looked at that one of these says of: by namespace, user, runtime class. */
  readonly exempt: {
    readonly namespaces: ReadonlySet<string>;
    readonly usernames: ReadonlySet<string>;
    readonly runtimeClasses: ReadonlySet<string>;
  };
}

const { fields, listOf, text } = shape;

const defaultsShape = fields({
  enforce: text,
  'enforce-version': text,
  audit: text,
  'audit-version': text,
  warn: text,
  'warn-version': text,
});
const configurationShape = fields({
  defaults: defaultsShape,
  exemptions: fields({ usernames: listOf(text), namespaces: listOf(text), runtimeClasses: listOf(text) }),
});

const podSecurityConfiguration: ConfigurationKind<shape.Shaped<typeof configurationShape>> = {
  kind: 'PodSecurityConfiguration',
  apiVersions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `pod-security.admission.config.k8s.io/${version}`),
  shape: configurationShape,
};

/** Checks what the configuration file says of this plugin; without anything, everything is allowed and nothing is exempt. */
export function readPodSecurityConfiguration(given: Json | undefined): PodSecurityConfiguration {
  const { defaults = {}, exemptions = {} } = given === undefined ? {} : readInnerConfiguration(given, podSecurityConfiguration).value;
  const problems: string[] = [];
  const standard = (mode: Mode) => standardOf(mode, defaults[mode], defaults[`${mode}-version`], problems);
  // In the order in which what is wrong is told.
  const [enforce, audit, warn] = [standard('enforce'), standard('audit'), standard('warn')];
  if (problems.length > 0) throw new Error(`PodSecurity configuration error: ${aggregate(problems)}`);
  const errors: FieldError[] = [];
  const at = path('exemptions');
  const exempt = {
    namespaces: distinctNames(exemptions.namespaces, at.child('namespaces'), (name) => dns1123Label(name).join(', '), errors),
    runtimeClasses: distinctNames(
      exemptions.runtimeClasses,
      at.child('runtimeClasses'),
      (name) => dns1123Subdomain(name).join(', '),
      errors,
    ),
    usernames: distinctNames(
      exemptions.usernames,
      at.child('usernames'),
      (name) => (name === '' ? 'username must not be empty' : ''),
      errors,
    ),
  };
  if (errors.length > 0) throw new Error(`PodSecurity invalid: ${aggregate(errors.map(String))}`);
  return { defaults: { enforce, audit, warn }, exempt };
}

/** An empty value is as good as none. */
function standardOf(mode: Mode, level: string | undefined, version: string | undefined, problems: string[]): LevelVersion {
  const read = <T>(field: string, given: string | undefined, parse: (text: string) => T | undefined, expected: string, fallback: T): T => {
    if (!given) return fallback;
    const parsed = parse(given);
    if (parsed === undefined) problems.push(`${field}: ${expected}`);
    return parsed ?? fallback;
  };
  return {
    level: read(mode, level, parseLevel, LEVEL_EXPECTED, PRIVILEGED[mode].level),
    version: read(`${mode}-version`, version, parsePolicyVersion, VERSION_EXPECTED, PRIVILEGED[mode].version),
  };
}

/** `problem` says what is wrong with a name, or nothing. */
function distinctNames(
  names: readonly string[] = [],
  at: FieldPath,
  problem: (name: string) => string,
  errors: FieldError[],
): ReadonlySet<string> {
  const distinct = new Set<string>();
  names.forEach((name, i) => {
    const detail = problem(name);
    if (detail !== '') errors.push(invalidField(at.index(i), name, detail));
    else if (distinct.has(name)) errors.push(duplicate(at.index(i), name));
    else distinct.add(name);
  });
  return distinct;
}
