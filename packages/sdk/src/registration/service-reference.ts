/** The Service under which a cluster's API servers reach an extension. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}

export interface ServiceOptions {
  /** @default that of the pod, else `default` */
  readonly namespace?: string;
  readonly name?: string;
  /** @default 443 */
  readonly port?: number;
}

/** `ownNamespace`: of the pod that this process is. */
export function serviceIn(ownNamespace: string | undefined, { namespace, name }: ServiceOptions, defaultName: string): ServiceReference {
  return { namespace: namespace ?? ownNamespace ?? 'default', name: name ?? defaultName };
}

/** Names that its serving certificate must have. */
export function serviceHosts({ namespace, name }: ServiceReference): string[] {
  return [`${name}.${namespace}.svc`, `${name}.${namespace}`, name];
}
