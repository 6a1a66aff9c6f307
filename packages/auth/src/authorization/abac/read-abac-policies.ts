import { type Json, quote } from '@keelson/machinery';
import { shape, yamlToJson } from '@keelson/schema';
import type { AbacPolicy } from './abac-policy.js';

const VERSION = 'abac.authorization.kubernetes.io/v1beta1';
const ALL_AUTHENTICATED = 'system:authenticated';

const { fields, flag, text } = shape;
const head = fields({ apiVersion: text, kind: text });
const oldPolicy = fields({ user: text, group: text, readonly: flag, resource: text, namespace: text });
const policy = fields({
  spec: fields({
    user: text,
    group: text,
    readonly: flag,
    apiGroup: text,
    resource: text,
    namespace: text,
    nonResourcePath: text,
  }),
});

export interface AbacPolicies {
  readonly policies: readonly AbacPolicy[];
  /** Some lines have no version, as before v1.3. */
  readonly unversioned: boolean;
}

/** Reads a policy file, a policy a line; lines that begin with # say nothing. Throws for the first line that is wrong. */
export function readAbacPolicies(file: string, content: string): AbacPolicies {
  const policies: AbacPolicy[] = [];
  let unversioned = false;
  for (const [at, line] of content.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    try {
      const { value } = yamlToJson(line);
      const { apiVersion = '', kind = '' } = read(head, value);
      const isVersioned = apiVersion !== '' && kind !== '';
      policies.push(isVersioned ? readPolicy(apiVersion, kind, value) : readOldPolicy(value));
      unversioned ||= !isVersioned;
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      throw new Error(`error reading policy file ${file}, line ${at + 1}: ${line}: ${why}`, { cause: error });
    }
  }
  return { policies, unversioned };
}

function readPolicy(apiVersion: string, kind: string, value: Json): AbacPolicy {
  if (apiVersion !== VERSION || kind !== 'Policy') throw new Error(`no kind ${quote(kind)} is registered for version ${quote(apiVersion)}`);
  const { user = '', group = '', ...spec } = read(policy, value).spec ?? {};
  return { ...nothing, ...spec, ...subject(user, group) };
}

/** There everything that is left out means anything. */
function readOldPolicy(value: Json): AbacPolicy {
  const { user = '', group = '', readonly = false, namespace = '', resource = '' } = read(oldPolicy, value);
  return {
    ...subject(user, user === '' && group === '' ? '*' : group),
    readonly,
    apiGroup: '*',
    namespace: namespace || '*',
    resource: resource || '*',
    nonResourcePath: namespace === '' && resource === '' ? '*' : '',
  };
}

const nothing = { readonly: false, apiGroup: '', namespace: '', resource: '', nonResourcePath: '' };

/** Anybody means whoever has been authenticated. */
function subject(user: string, group: string): Pick<AbacPolicy, 'user' | 'group'> {
  return user === '*' || group === '*' ? { user: '', group: ALL_AUTHENTICATED } : { user, group };
}

/** Fields that are not known are passed over: files may hold more than this version reads. */
function read<T>(form: shape.Shape<T>, value: Json): T {
  return form.read(value, '', () => undefined);
}
