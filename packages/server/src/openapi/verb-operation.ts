import { formatGroupVersion, type GroupVersionKind } from '@keelson/machinery';
import type { ResourceVersion } from '../resource/resource-version.js';
import { ANY_MEDIA, LIST_MEDIA, OBJECT_MEDIA, PATCH_MEDIA } from './media.js';
import { versionTag, versionTitle } from './naming.js';
import type { Operation, Parameter } from './operation.js';
import { pretty, queryParameters } from './parameters.js';

export const META_V1 = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** How a verb looks as an operation. */
interface VerbForm {
  readonly method: Operation['method'];
  /** Begins operation ids. */
  readonly word: string;
  readonly action: string;
  readonly codes: readonly number[];
}

const verbForms = {
  get: { method: 'get', word: 'read', action: 'get', codes: [200] },
  list: { method: 'get', word: 'list', action: 'list', codes: [200] },
  create: { method: 'post', word: 'create', action: 'post', codes: [200, 201, 202] },
  update: { method: 'put', word: 'replace', action: 'put', codes: [200, 201] },
  patch: { method: 'patch', word: 'patch', action: 'patch', codes: [200, 201] },
  delete: { method: 'delete', word: 'delete', action: 'delete', codes: [200, 202] },
  deletecollection: { method: 'delete', word: 'delete', action: 'deletecollection', codes: [200] },
} as const satisfies Record<string, VerbForm>;

export type OperationVerb = keyof typeof verbForms;

/** What an operation on a resource or subresource depends on. */
export interface OperationTarget {
  readonly version: ResourceVersion;
  /** Kind of the bodies, and its definition. */
  readonly kind: GroupVersionKind;
  readonly schema: string;
  /** Parameters in the path. */
  readonly path: readonly Parameter[];
  /** Ends operation ids: `ForAllNamespaces`, `Status`. */
  readonly suffix: string;
  readonly description: string;
}

/** One verb on a target. */
export function operation(verb: OperationVerb, target: OperationTarget): Operation {
  const { method, action, codes } = verbForms[verb];
  return {
    method,
    id: operationId(verb, target),
    description: target.description,
    tag: versionTag(target.version),
    action,
    kind: target.kind,
    consumes: verb === 'patch' ? patchMedia(target.version) : ANY_MEDIA,
    produces: verb === 'list' ? LIST_MEDIA : OBJECT_MEDIA,
    parameters: [...target.path, pretty, ...queryParameters[verb]],
    ...body(verb, target.schema),
    codes,
    response: target.schema,
  };
}

function operationId(verb: OperationVerb, { version, suffix }: OperationTarget): string {
  const collection = verb === 'deletecollection' ? 'Collection' : '';
  const scope = version.resource.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  return `${verbForms[verb].word}${versionTitle(version)}${collection}${scope}${version.kind}${suffix}`;
}

function body(verb: OperationVerb, schema: string): Pick<Operation, 'body'> {
  if (verb === 'create' || verb === 'update') return { body: { schema, required: true } };
  if (verb === 'patch') return { body: { schema: `${META_V1}.Patch`, required: true, shared: 'body-78PwaGsr' } };
  if (verb === 'delete' || verb === 'deletecollection')
    return { body: { schema: `${META_V1}.DeleteOptions`, required: false, shared: 'body-2Y1dVQaQ' } };
  return {};
}

/** Strategic merge needs the merge keys that only built-in types have. */
function patchMedia({ schema }: ResourceVersion): readonly string[] {
  return schema.type.name.startsWith('io.k8s.') ? PATCH_MEDIA : PATCH_MEDIA.filter((media) => !media.includes('strategic'));
}

/** `/api/v1`, `/apis/apps/v1` */
export function rootOf(version: ResourceVersion): string {
  return version.group === '' ? `/api/${version.version}` : `/apis/${formatGroupVersion(version)}`;
}
