import type { ObjectMeta } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import { withAnnotation, withoutAnnotation } from '../conversion/annotations.js';

type PriorityLevel = flowcontrol.v1.PriorityLevelConfiguration;
/** As v1beta3 has it; its field of shares cannot tell none from unsaid. */
type Beta3 = flowcontrol.v1beta3.PriorityLevelConfiguration;
/** As v1beta1 and v1beta2 have it. */
type Beta2 = flowcontrol.v1beta2.PriorityLevelConfiguration;

/** Marks levels that are to have no shares at all. */
const noShares = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';
const defaultShares = 30;

function withDefault({ metadata }: { readonly metadata: ObjectMeta }, shares: number): number {
  return shares === 0 && metadata.annotations?.[noShares] === undefined ? defaultShares : shares;
}

export const beta3Shares = {
  defaults(level: Beta3): void {
    const { limited } = level.spec;
    if (limited) limited.nominalConcurrencyShares = withDefault(level, limited.nominalConcurrencyShares);
  },
  toHub: ({ metadata, ...level }: Beta3): PriorityLevel => ({ metadata: withoutAnnotation(metadata, noShares), ...level }),
  fromHub({ metadata, spec, ...level }: PriorityLevel): Beta3 {
    const zero = spec.limited !== undefined && !spec.limited.nominalConcurrencyShares;
    return { metadata: zero ? withAnnotation(metadata, noShares, '') : metadata, spec: spec as Beta3['spec'], ...level };
  },
};

function renamed(spec: Beta2['spec']): Beta3['spec'] {
  const { limited, ...others } = spec;
  if (limited === undefined) return others;
  const { assuredConcurrencyShares: nominalConcurrencyShares, ...rest } = limited;
  return { ...others, limited: { nominalConcurrencyShares, ...rest } };
}

function renamedBack(spec: Beta3['spec']): Beta2['spec'] {
  const { limited, ...others } = spec;
  if (limited === undefined) return others;
  const { nominalConcurrencyShares: assuredConcurrencyShares, ...rest } = limited;
  return { ...others, limited: { assuredConcurrencyShares, ...rest } };
}

/** Earlier versions differ only in what the shares are called. */
export const beta2Shares = {
  defaults(level: Beta2): void {
    const { limited } = level.spec;
    if (limited) limited.assuredConcurrencyShares = withDefault(level, limited.assuredConcurrencyShares);
  },
  toHub: ({ spec, ...level }: Beta2): PriorityLevel => beta3Shares.toHub({ ...level, spec: renamed(spec) }),
  fromHub(hub: PriorityLevel): Beta2 {
    const { spec, ...level } = beta3Shares.fromHub(hub);
    return { ...level, spec: renamedBack(spec) };
  },
};
