export * from './caches/expiring-lru-map.js';
export * from './caches/lru-map.js';
export * from './caches/memoized.js';
export * from './certificates/certificate-request.js';
export * from './contracts/admission.js';
export * from './contracts/authenticator.js';
export * from './contracts/authorizer.js';
export * from './contracts/find-object.js';
export * from './contracts/log.js';
export * from './contracts/objects.js';
export * from './contracts/service-account-tokens.js';
export * from './contracts/signer-access.js';
export * from './diff/unified-diff.js';
export * from './errors/aggregate.js';
export * from './errors/api-error.js';
export * from './errors/status.js';
export * from './features/feature-gates.js';
export * from './field/field-error.js';
export * from './field/path.js';
export * from './files/file-follower.js';
export * from './http/sent-headers.js';
export * from './http/unescape-extra-key.js';
export * from './int-or-string.js';
export * from './json/deep-freeze.js';
export * from './json/json-equal.js';
export * from './meta/generate-name.js';
export * from './meta/group-version.js';
export type { Initializers } from './meta/initializers.js';
export * from './meta/kubernetes-release.js';
export * from './meta/name-forms.js';
export * from './meta/object.js';
export * from './meta/owner.js';
export * from './meta/preconditions.js';
export * from './meta/raw-text.js';
export * from './meta/uid.js';
export type { QuantityFormat } from './quantity/format.js';
export * from './quantity/quantity.js';
export * from './quote.js';
export * from './remote/kube-client.js';
export { parseProxy } from './remote/proxy-settings.js';
export * from './remote/remote-access.js';
export * from './remote/remote-error.js';
export * from './remote/remote-server.js';
export * from './remote/retry.js';
export * from './remote/service-resolver.js';
export * from './remote/trusting.js';
export * from './selectors/field-selector.js';
export * from './selectors/label-selector.js';
export * from './selectors/object-selector.js';
export * from './selectors/parse-label-selector.js';
export {
  compileRequirement,
  formatRequirement,
  type LabelMatcher,
  type Labels,
  type Operator,
  type Requirement,
} from './selectors/requirement.js';
export * from './selectors/selector-attribute.js';
export * from './time/duration.js';
export * from './time/human-duration.js';
export * from './time/time-slice.js';
export * from './time/timestamp.js';
export * from './users/node-user.js';
export * from './validation/annotations.js';
export * from './validation/conditions.js';
export * from './validation/domain-prefixed-path.js';
export * from './validation/finalizers.js';
export * from './validation/fully-qualified-name.js';
export * from './validation/immutable.js';
export * from './validation/labels.js';
export * from './validation/managed-fields.js';
export * from './validation/object-meta.js';
export * from './validation/owner-references.js';
export * from './x509/pem-blocks.js';
export * from './x509/pem-certificates.js';
