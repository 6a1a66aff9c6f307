import type { Change } from '../../change.js';
import type { Rule } from '../../rule.js';

const annotations = 'metadata.annotations';
const cost = 'controller.kubernetes.io/pod-deletion-cost';
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const appArmor = 'container.apparmor.security.beta.kubernetes.io';

const noting = (key: string, value: string, more: Change = {}): Change => ({ [annotations]: { [key]: value }, ...more });

/** Annotations that mean something to pods. */
export const annotationRules: readonly Rule[] = [
  {
    rule: 'the cost of deletion is an integer',
    accepted: noting(cost, '-1'),
    refused: noting(cost, '1.5'),
    errors: [`${annotations}[${cost}]: Invalid value: "1.5": must be a 32bit integer`],
  },
  {
    rule: 'the cost of deletion has 32 bits',
    accepted: noting(cost, '2147483647'),
    refused: noting(cost, '2147483648'),
    errors: [`${annotations}[${cost}]: Invalid value: "2147483648": must be a 32bit integer`],
  },
  {
    rule: 'the cost of deletion has no sign or zeros in front',
    accepted: noting(cost, '0'),
    refused: noting(cost, '+10'),
    errors: [`${annotations}[${cost}]: Invalid value: "+10": must be a 32bit integer`],
  },
  {
    rule: 'a seccomp profile in an annotation is a known one',
    accepted: noting(seccomp, 'localhost/a'),
    refused: noting(seccomp, 'remote/a'),
    errors: [`${annotations}.${seccomp}: Invalid value: "remote/a": must be a valid seccomp profile`],
  },
  {
    rule: 'a seccomp profile in an annotation does not climb',
    accepted: noting(seccomp, 'localhost/a/..b'),
    refused: noting(seccomp, 'localhost/../b'),
    errors: [`${annotations}.${seccomp}: Invalid value: "../b": must not contain '..'`],
  },
  {
    rule: 'an AppArmor profile in an annotation is a known one',
    accepted: noting(`${appArmor}/main`, 'runtime/default'),
    refused: noting(`${appArmor}/main`, 'a'),
    errors: [`${annotations}[${appArmor}/main]: Invalid value: "a": invalid AppArmor profile name: "a"`],
  },
  {
    rule: 'an AppArmor profile in an annotation is for a container of the pod',
    accepted: noting(`${appArmor}/main`, 'unconfined'),
    refused: noting(`${appArmor}/other`, 'unconfined'),
    errors: [`${annotations}[${appArmor}/other]: Invalid value: "other": container not found`],
  },
];
