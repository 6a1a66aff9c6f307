interface Containers {
  readonly containers?: readonly { readonly name?: string; readonly image?: string }[] | null;
}

/** Names of the containers, as wide tables list them. */
export function containerNames(spec: Containers | null | undefined): string {
  return (spec?.containers ?? []).map(({ name = '' }) => name).join(',');
}

/** Images of the containers, in the same order. */
export function containerImages(spec: Containers | null | undefined): string {
  return (spec?.containers ?? []).map(({ image = '' }) => image).join(',');
}
