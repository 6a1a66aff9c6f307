// Reads proto/ into a plain model of packages, messages and fields.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import protobuf from 'protobufjs';

/**
 * @typedef {object} Field
 * @property {string} name JSON name; the proto name of inline fields
 * @property {number} number
 * @property {'one' | 'list' | 'map'} cardinality
 * @property {string} type a scalar, or the full name of a message: `core.v1.PodSpec`
 * @property {boolean} isMessage
 * @property {'OMIT_EMPTY' | 'ALWAYS' | 'POINTER' | 'NULLABLE' | 'OMIT_ZERO'} presence
 * @property {boolean} inline
 * @property {boolean} required
 * @property {string | undefined} default JSON text
 * @property {string[]} enum
 * @property {string | undefined} list
 * @property {string[]} listKeys
 * @property {string | undefined} map
 * @property {string[]} patchStrategy
 * @property {string | undefined} patchKey
 * @property {string | undefined} goType
 * @property {boolean} removed only kinds that are gone read and write it
 * @property {boolean} late kinds that are gone write it only when set
 * @property {string | undefined} embedded apiVersion that JSON prints with each element
 * @property {boolean} bareReference OpenAPI v3 has nothing beside the reference
 * @property {string} description
 *
 * @typedef {object} Message
 * @property {string} name
 * @property {string} fullName
 * @property {string[]} apiVersions where it is a kind; `*` is everywhere
 * @property {boolean} gone
 * @property {string | undefined} form
 * @property {boolean} atomic
 * @property {{ discriminator: string, fields: string[] } | undefined} union
 * @property {Field[]} fields
 * @property {string} description
 *
 * @typedef {object} Package
 * @property {string} name `apps.v1`
 * @property {string} definitions `io.k8s.api.apps.v1`
 * @property {string} source path below proto/
 * @property {boolean} gone
 * @property {boolean} deleteOptions
 * @property {Message[]} messages
 */

/** The values of option `(k8s.<name>)`; repeated options give several. */
function optionValues(owner, name) {
  return (owner.parsedOptions ?? []).flatMap((option) => (`(k8s.${name})` in option ? [option[`(k8s.${name})`]] : []));
}

const option = (owner, name) => optionValues(owner, name)[0];

function presenceOf(field, { isMessage, cardinality, required }) {
  const explicit = option(field, 'json');
  if (explicit !== undefined) return explicit;
  if (required) return 'ALWAYS';
  return isMessage && cardinality === 'one' ? 'POINTER' : 'OMIT_EMPTY';
}

function readField(field, resolve) {
  const scalar = protobuf.types.basic[field.type] !== undefined;
  const shape = {
    isMessage: !scalar,
    cardinality: field.map ? 'map' : field.rule === 'repeated' ? 'list' : 'one',
    required: option(field, 'required') === true,
  };
  return {
    ...shape,
    name: field.jsonName ?? field.options?.json_name ?? field.name,
    number: field.id,
    type: scalar ? field.type : resolve(field.type),
    presence: presenceOf(field, shape),
    inline: option(field, 'inline') === true,
    default: option(field, 'default'),
    enum: optionValues(field, 'enum'),
    list: option(field, 'list')?.toLowerCase(),
    listKeys: optionValues(field, 'list_key'),
    map: option(field, 'map')?.toLowerCase(),
    patchStrategy: optionValues(field, 'patch_strategy'),
    patchKey: option(field, 'patch_key'),
    goType: option(field, 'go_type'),
    removed: option(field, 'last_release') !== undefined,
    late: option(field, 'since') !== undefined,
    bareReference: option(field, 'bare_reference') === true,
    embedded: option(field, 'embedded_api_version'),
    description: describe(field.comment),
  };
}

/** One paragraph per blank-line separated block of the comment. */
function describe(comment) {
  return (comment ?? '')
    .split(/\n\s*\n/)
    .map((block) => block.replace(/\s*\n\s*/g, ' ').trim())
    .join('\n\n');
}

function readMessage(type, packageGone) {
  const union = option(type, 'union');
  return {
    name: type.name,
    fullName: type.fullName.slice(1),
    apiVersions: optionValues(type, 'api_version'),
    gone: packageGone || option(type, 'message_last_release') !== undefined,
    form: option(type, 'form'),
    atomic: option(type, 'struct') === 'ATOMIC',
    union: union === undefined ? undefined : { discriminator: union, fields: optionValues(type, 'union_field') },
    fields: type.fieldsArray.map((field) => readField(field, (name) => type.lookupType(name).fullName.slice(1))),
    description: describe(type.comment),
  };
}

/** @returns {Package[]} one per file, sorted by name; several files may share a package */
export function readProto(protoRoot, files) {
  const root = new protobuf.Root();
  const parsed = files
    .filter((file) => !file.endsWith('k8s/options.proto'))
    .map((file) => {
      const before = new Set(namespaceTypes(root));
      const { package: name } = protobuf.parse(readFileSync(file, 'utf8'), root, { keepCase: true, alternateCommentMode: true });
      const types = namespaceTypes(root.lookup(name)).filter((type) => !before.has(type));
      return { name, types, source: relative(protoRoot, file), namespace: root.lookup(name), options: fileOptions(root.lookup(name)) };
    });
  return parsed.map(({ name, types, source, options }) => {
    const gone = options.file_last_release !== undefined;
    const messages = types.map((type) => readMessage(type, gone));
    return { name, source, definitions: options.definitions, gone, deleteOptions: options.delete_options !== false, messages };
  });
}

/** File options end up on the package's namespace, which files of one package share: the latest wins at this moment. */
function fileOptions(namespace) {
  return Object.fromEntries((namespace.parsedOptions ?? []).flatMap(Object.entries).map(([key, value]) => [key.slice(5, -1), value]));
}

function namespaceTypes(namespace) {
  return namespace.nestedArray.flatMap((nested) =>
    nested instanceof protobuf.Type ? [nested] : nested instanceof protobuf.Namespace ? namespaceTypes(nested) : [],
  );
}
