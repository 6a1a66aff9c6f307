import type { node } from '@keelson/schema';
import { present } from '../conversion/present.js';

type Alpha = node.v1alpha1.RuntimeClass;
type RuntimeClass = node.v1.RuntimeClass;

/** v1alpha1 has the fields below `spec`. */
export const alphaRuntimeClass = {
  toHub({ metadata, spec }: Alpha): RuntimeClass {
    const { runtimeHandler, ...others } = spec;
    return { metadata, handler: runtimeHandler, ...others };
  },
  fromHub({ metadata, handler, overhead, scheduling }: RuntimeClass): Alpha {
    return { metadata, spec: present<Alpha['spec']>({ runtimeHandler: handler, overhead, scheduling }) };
  },
};
