import { podTemplates } from '../core/pod-templates.js';
import { problemsOf } from './problems-of.js';

const container = { name: 'c', image: 'i' };
const prefix = /^template\.spec\.?/;

/** What is wrong with a pod's spec in a template, with places below the spec. A container that is all right is added where there is none. */
export function podProblems(spec: object): string[] {
  return problemsOf(podTemplates, { template: { spec: { containers: [container], ...spec } } }).map((text) => text.replace(prefix, ''));
}

/** What is wrong with the only container of a pod, which has a name and an image; `spec` is the rest of the pod. */
export function containerProblems(fields: object, spec: object = {}): string[] {
  return podProblems({ ...spec, containers: [{ ...container, ...fields }] }).map((text) => text.replace(/^containers\[0\]\.?/, ''));
}

/** What is wrong with the only volume of a pod, which is called v. */
export function volumeProblems(source: object): string[] {
  return podProblems({ volumes: [{ name: 'v', ...source }] }).map((text) => text.replace(/^volumes\[0\]\.?/, ''));
}
