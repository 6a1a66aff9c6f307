import { type FieldError, invalidField } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { parseGroupVersion } from '../meta/group-version.js';
import type { OwnerReference } from '../meta/object.js';

/** Kinds that come and go too fast to own anything. */
const bannedOwners: ReadonlySet<string> = new Set(['/v1, Kind=Event']);

/** Errors carry the path of the list: upstream does not number owners. */
export function validateOwnerReferences(owners: readonly OwnerReference[] | undefined, path: FieldPath): FieldError[] {
  if (owners === undefined) return [];
  const errors: FieldError[] = [];
  let controller = '';
  for (const owner of owners) {
    errors.push(...validateOwnerReference(owner, path));
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === '') controller = name;
    else errors.push(invalidField(path, owners.map(inWireOrder), twoControllers(controller, name)));
  }
  return errors;
}

function validateOwnerReference(owner: OwnerReference, path: FieldPath): FieldError[] {
  const { apiVersion = '', kind = '', name = '', uid = '' } = owner as Partial<OwnerReference>;
  const { group, version } = parseGroupVersion(apiVersion) ?? { group: '', version: '' };
  const errors: FieldError[] = [];
  if (version === '') errors.push(invalidField(path.child('apiVersion'), apiVersion, 'version must not be empty'));
  for (const [field, value] of Object.entries({ kind, name, uid })) {
    if (value === '') errors.push(invalidField(path.child(field), value, 'must not be empty'));
  }
  const gvk = `${group}/${version}, Kind=${kind}`;
  if (bannedOwners.has(gvk)) errors.push(invalidField(path, inWireOrder(owner), `${gvk} is disallowed from being an owner`));
  return errors;
}

function inWireOrder({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): object {
  return { apiVersion, kind, name, uid, controller, blockOwnerDeletion };
}

function twoControllers(first: string, second: string): string {
  return `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
}
