import { declare, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { STRING } from '../../types/type.js';

/** As a part of a JSON pointer. */
function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export const JSON_PATCHES: Library = {
  functions: [declare('jsonpatch.escapeKey', overload('string_jsonpatch_escapeKey_string', [STRING], STRING, escapeKey))],
};
