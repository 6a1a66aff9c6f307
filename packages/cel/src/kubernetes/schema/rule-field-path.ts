import { type FieldPath, NO_PATH, path } from '@keelson/machinery';

const STEP = /^(?:\.([^.[\]]+)|\[('(?:[^'\\]|\\.)*')\])/;

/** The place that a rule's fieldPath, `.spec.items['a.b']`, names below the value it is about. */
export function fieldPathOf(fieldPath: string, at: FieldPath | undefined): FieldPath | string {
  let place = at;
  for (let rest = fieldPath; rest !== ''; ) {
    const [whole = '', name, quoted] = STEP.exec(rest) ?? [];
    if (whole === '') return place ?? NO_PATH;
    const step = name ?? (quoted ?? '').slice(1, -1).replace(/\\(.)/g, '$1');
    place = place === undefined ? path(step) : place.child(step);
    rest = rest.slice(whole.length);
  }
  return place ?? NO_PATH;
}
