/** Warnings of the versions of resource.k8s.io that v1 replaces. */
export function v1beta1Deprecation(kind: string): string {
  return `resource.k8s.io/v1beta1 ${kind} is deprecated in v1.35+, unavailable in v1.38+`;
}

export function v1beta2Deprecation(kind: string): string {
  return `resource.k8s.io/v1beta2 ${kind} is deprecated in v1.36+, unavailable in v1.39+`;
}
