import type { apiextensions } from '@keelson/schema';
import { defaultServicePort } from '../webhook/client-config-validation.js';

type Definition = apiextensions.v1.CustomResourceDefinition;
type Beta = apiextensions.v1beta1.CustomResourceDefinition;

function defaultNames(names: apiextensions.v1.CustomResourceDefinitionNames): void {
  names.singular ||= names.kind.toLowerCase();
  if (names.kind !== '') names.listKind ||= `${names.kind}List`;
}

/** The version in which objects are stored, until the definition says otherwise. */
export function storageVersionOf({ versions }: apiextensions.v1.CustomResourceDefinitionSpec): string | undefined {
  return versions?.find(({ storage }) => storage)?.name;
}

export function defaultDefinition({ spec, status }: Definition): void {
  defaultNames(spec.names);
  spec.conversion ??= { strategy: 'None' };
  defaultServicePort(spec.conversion.webhook?.clientConfig);
  const storage = storageVersionOf(spec);
  if (!status.storedVersions?.length && storage !== undefined) status.storedVersions = [storage];
}

/** v1beta1 let a definition have one version only, and say little of it. */
export function defaultBetaDefinition({ spec }: Beta): void {
  defaultNames(spec.names);
  spec.scope ||= 'Namespaced';
  if (!spec.versions?.length && spec.version) spec.versions = [{ name: spec.version, served: true, storage: true }];
  const [first] = spec.versions ?? [];
  if (first !== undefined) spec.version ||= first.name;
  spec.conversion ??= { strategy: 'None' };
  if (spec.conversion.strategy === 'Webhook' && !spec.conversion.conversionReviewVersions?.length) {
    spec.conversion.conversionReviewVersions = ['v1beta1'];
  }
  defaultServicePort(spec.conversion.webhookClientConfig);
  spec.preserveUnknownFields ??= true;
}
