import type { JsonObject } from '@keelson/machinery';
import type { PatchKind } from '@keelson/patch';
import type { ParsedBody } from '@keelson/schema';

/** What a patch sets twice. */
export interface RepeatedKeys {
  /** As it is told of the patch. */
  readonly ofPatch: readonly string[];
  /** As it is told again of the object, to which operations of a JSON patch bring their values as they are written. */
  readonly ofObject: readonly string[];
}

const told = /^duplicate field "\[(\d+)\]\.(op|path|from|value)(.*)"$/;

export function repeatedKeys(kind: PatchKind, body: ParsedBody): RepeatedKeys {
  const texts = body.problems([]);
  if (kind !== 'json' || texts.length === 0) return { ofPatch: texts, ofObject: [] };
  const known = texts.map((text) => told.exec(text)).filter((found) => found !== null);
  return {
    ofPatch: known.map(([text]) => `json patch ${text}`),
    ofObject: known.flatMap(([, at, member, below]) => {
      const { path } = (body.value as JsonObject[])[Number(at)] ?? {};
      if (member !== 'value' || !below || typeof path !== 'string') return [];
      return [`duplicate field "${fieldPath(path)}${below}"`];
    }),
  };
}

/** `/spec/ports/0` as `spec.ports[0]`. */
function fieldPath(pointer: string): string {
  const tokens = pointer.split('/').slice(1);
  return tokens.map((token, at) => (/^\d+$/.test(token) ? `[${token}]` : `${at === 0 ? '' : '.'}${token}`)).join('');
}
