/** The Service under which a cluster's API servers reach an extension. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}

/** Names that its serving certificate must have. */
export function serviceHosts({ namespace, name }: ServiceReference): string[] {
  return [`${name}.${namespace}.svc`, `${name}.${namespace}`, name];
}
