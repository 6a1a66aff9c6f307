import { type FieldError, invalidField, type Labels, path } from '@keelson/machinery';
import { compareLevels, LEVEL_EXPECTED, parseLevel } from './level.js';
import { type LevelVersion, MODES, type Mode, type Policy } from './policy.js';
import { parsePolicyVersion, VERSION_EXPECTED } from './policy-version.js';

const PREFIX = 'pod-security.kubernetes.io/';

export interface NamespacePolicy {
  readonly policy: Policy;
  /** What is wrong with the labels; the policy is then as strict as it can be where it is enforced. */
  readonly errors: readonly FieldError[];
}

function levelLabel(mode: Mode): string {
  return PREFIX + mode;
}

function versionLabel(mode: Mode): string {
  return `${PREFIX}${mode}-version`;
}

/** Whether the labels say anything of a mode. */
export function labelsMode(labels: Labels, mode: Mode): boolean {
  return labels[levelLabel(mode)] !== undefined || labels[versionLabel(mode)] !== undefined;
}

/** The policy that the labels of a namespace ask for; what they leave out is as `defaults` say. */
export function namespacePolicy(labels: Labels | undefined, defaults: Policy): NamespacePolicy {
  if (labels === undefined) return { policy: defaults, errors: [] };
  const errors: FieldError[] = [];
  const [enforce, audit, warn] = MODES.map((mode) => standardOf(labels, mode, defaults[mode], errors)) as [
    LevelVersion,
    LevelVersion,
    LevelVersion,
  ];
  return { policy: { enforce, audit, warn: warningStandard(labels, enforce, warn) }, errors };
}

function standardOf(labels: Labels, mode: Mode, byDefault: LevelVersion, errors: FieldError[]): LevelVersion {
  const read = <T>(label: string, parse: (text: string) => T | undefined, expected: string, otherwise: T, fallback: T): T => {
    const text = labels[label];
    if (text === undefined) return otherwise;
    const parsed = parse(text);
    if (parsed === undefined) errors.push(invalidField(path('metadata', 'labels').key(label), text, expected));
    return parsed ?? fallback;
  };
  // Where nothing is refused, a mistake silences; where something is, it refuses.
  const onMistake = mode === 'enforce' ? 'restricted' : 'privileged';
  return {
    level: read(levelLabel(mode), parseLevel, LEVEL_EXPECTED, byDefault.level, onMistake),
    version: read(versionLabel(mode), parsePolicyVersion, VERSION_EXPECTED, byDefault.version, 'latest'),
  };
}

/** Whoever enforces a level is warned of it as well: templates are not refused. */
function warningStandard(labels: Labels, enforce: LevelVersion, warn: LevelVersion): LevelVersion {
  const isEnforced = parseLevel(labels[levelLabel('enforce')] ?? '') !== undefined;
  if (!isEnforced || labels[levelLabel('warn')] !== undefined || compareLevels(enforce.level, warn.level) <= 0) return warn;
  return { level: enforce.level, version: labels[versionLabel('warn')] === undefined ? enforce.version : warn.version };
}
