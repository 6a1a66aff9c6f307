import { type FieldPath, NO_PATH, path } from '@keelson/machinery';
import { additionalOf, type JsonSchema, propertyOf } from '@keelson/schema';

const STEP = /^(?:\.([^.[\]]+)|\[('(?:[^'\\]|\\.)*')\])/;

/** The place that a rule's fieldPath, `.spec.items['a.b']`, names below the value it is about, which is of the schema. */
export function fieldPathOf(fieldPath: string, at: FieldPath | undefined, schema: JsonSchema): FieldPath | string {
  let place = at;
  let here: JsonSchema | undefined = schema;
  for (let rest = fieldPath; rest !== ''; ) {
    const [whole = '', name, quoted] = STEP.exec(rest) ?? [];
    if (whole === '') return place ?? NO_PATH;
    const step = name ?? (quoted ?? '').slice(1, -1).replace(/\\(.)/g, '$1');
    const isField: boolean = here?.properties !== undefined;
    place = place === undefined ? path(step) : isField ? place.child(step) : place.key(step);
    here = here && (isField ? propertyOf(here, step) : additionalOf(here));
    rest = rest.slice(whole.length);
  }
  return place ?? NO_PATH;
}
