import { type KubeObject, qualifiedName } from '@keelson/machinery';

const STANDARD: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** What is said of finalizers that a write adds. */
export function finalizerWarnings({ metadata }: KubeObject, old: KubeObject | undefined): string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = (metadata.finalizers ?? []).filter((name) => !before.has(name));
  return added.flatMap((name) => problemsOf(name).map((problem) => `metadata.finalizers: ${JSON.stringify(name)}: ${problem}`));
}

function problemsOf(name: string): readonly string[] {
  const problems = qualifiedName(name);
  if (name.includes('/') || STANDARD.has(name)) return problems;
  const path = name.includes('.') ? ' including a path (/)' : '';
  return [...problems, `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`];
}
