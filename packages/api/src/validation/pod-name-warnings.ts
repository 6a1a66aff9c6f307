import type { KubeObject, NameForm } from '@keelson/machinery';

/** Warns, at creation, of names that will not do as they are where pods are named after them. */
export function podNameWarnings(form: NameForm): (object: KubeObject, old: KubeObject | undefined) => string[] {
  return ({ metadata }, old) => {
    const problems = old === undefined ? form(metadata.name ?? '') : [];
    if (problems.length === 0) return [];
    return [
      'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; ' +
        `a DNS label is recommended: [${problems.join(' ')}]`,
    ];
  };
}
