export { patchedCustomKindRefusal } from './body/custom-body.js';
export {
  type BodyFormat,
  type DecodedBody,
  decodeBody,
  type FieldValidation,
  patchedKind,
  readSent,
} from './body/decode-body.js';
export { decodeDeleteOptions } from './body/decode-delete-options.js';
export { withoutRawTexts } from './body/keep-raw-texts.js';
export { type ParsedBody, parseBody, type TextFormat } from './body/parse-body.js';
export { strictDecodingError } from './body/strict-problems.js';
export { isNoVersion, readTypeMeta, type TypeMeta, typeMetaOf, unreadableKind } from './body/type-meta.js';
export { codecOf } from './codec/codec.js';
export { jsonKind } from './codec/json-kind.js';
export { restoreObject } from './codec/restore-object.js';
export { reviveField } from './codec/revive-field.js';
export { dropMember, shownAsSent, wasSentEmpty } from './codec/sent-empty.js';
export {
  type Configuration,
  type ConfigurationKind,
  readConfiguration,
  readInnerConfiguration,
  UnknownKindError,
} from './configuration/read-configuration.js';
export * as shape from './configuration/shape.js';
export { applyDefaults } from './defaults/apply-defaults.js';
export * from './gen/index.js';
export { internalDiff } from './internal/internal-diff.js';
export { internalForm } from './internal/internal-form.js';
export { internalName } from './internal/internal-names.js';
export { compactJson } from './json/compact-json.js';
export { jsonObjectProblem } from './json/json-object-problem.js';
export { parseJson } from './json/parse-json.js';
export { settleDecimals, withoutDecimals } from './json/settle-decimals.js';
export { sortedJson } from './json/sorted-json.js';
export { jsonSyntaxError } from './json/syntax-error.js';
export { type Codec, DecodeError, type KindSchema, type Omission, type StrictSink } from './kind.js';
export { messageNameOf } from './kinds/built-in-kind.js';
export { type Kinds, kinds } from './kinds/kinds.js';
export { defaultKubeconfig, readKubeconfig } from './kubeconfig/read-kubeconfig.js';
export { type KubeconfigUsers, readKubeconfigUsers } from './kubeconfig/read-kubeconfig-users.js';
export { type Kubeconfig, renderKubeconfig } from './kubeconfig/render-kubeconfig.js';
export { definitionSchema, type OpenApiVersion } from './openapi/definition-schema.js';
export { eachOpenApiDefinition } from './openapi/definitions.js';
export { type Amounts, aggregateResources } from './pods/aggregate-resources.js';
export { isPodLevelResource, podLimits, podRequests, statesPodResources } from './pods/pod-amounts.js';
export { type QosClass, qosClass } from './pods/qos-class.js';
export { isExtendedResource, isHugePages, isNativeResource } from './pods/resource-names.js';
export { validateTolerations } from './pods/validate-tolerations.js';
export {
  ephemeralClaimName,
  isMirrorPod,
  podConfigMapNames,
  podResourceClaimNames,
  podSecretNames,
  podVolumeClaimNames,
} from './references/pod-references.js';
export { nodeSecretsOfVolume, type SecretLocation } from './references/volume-references.js';
export { type AnswerScheme, type DecodedAnswer, decodeAnswer } from './remote/decode-answer.js';
export { refusedAnswer } from './remote/refused-answer.js';
export type { FieldSchema, ListType, ScalarKind, SpecialForm, TypeSchema } from './schema.js';
export { compileValidator, type ValueValidator } from './structural/compile-validator.js';
export { correlatedItem } from './structural/correlated-item.js';
export { isTextFormat, textFormat } from './structural/formats.js';
export { additionalOf, itemsOf, type JsonSchema, mostOf, propertyOf } from './structural/json-schema.js';
export { type OnPruned, prune } from './structural/prune.js';
export { validateEmbeddedObjects } from './structural/validate-embedded-objects.js';
export { type MessageField, type MessageTable, messageTable } from './table/message-table.js';
export { typeSchema } from './table/type-schema.js';
export { type Envelope, envelopePrefix, isEnvelope, unwrap, unwrapMessage, wrap } from './wire/envelope.js';
export { type FieldPath, fieldBytes, fieldPath } from './wire/field-bytes.js';
export { awaitsInitializers, readLabels } from './wire/metadata-peek.js';
export { metadataBytes, stampedLength, stampResourceVersion, writeStamped } from './wire/stamp-resource-version.js';
export { jsonToYaml } from './yaml/json-to-yaml.js';
export { duplicateKeyError, unmarshalYaml, yamlToJson } from './yaml/yaml-to-json.js';
