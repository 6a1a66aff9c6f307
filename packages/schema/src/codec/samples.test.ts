import { readFileSync } from 'node:fs';
import { formatJson, type Json, type JsonObject, parseGroupVersion } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../../test/recordings.js';
import { parseJson } from '../json/parse-json.js';
import type { KindSchema } from '../kind.js';
import { kinds } from '../kinds/kinds.js';
import { unwrap } from '../wire/envelope.js';

interface Sample {
  readonly name: string;
  readonly json: JsonObject & { apiVersion?: string; kind?: string };
  readonly protobuf: string;
}

const folder = recordings('samples');

function samples(file: string): Sample[] {
  if (folder === undefined) return [];
  return readFileSync(`${folder}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => parseJson(line) as unknown as Sample);
}

function kindOf({ json, name }: Sample): KindSchema<object> {
  const { group, version } = parseGroupVersion(json.apiVersion ?? 'v1') ?? { group: '', version: 'v1' };
  const kind = kinds.find(group, version, json.kind ?? name.slice(name.lastIndexOf('.') + 1));
  if (!kind) throw new Error(`no kind for ${name}`);
  return kind;
}

/** The object without TypeMeta, and volume claim templates with theirs: servers print it, these samples do not. */
function expected({ json }: Sample): Json {
  const { apiVersion, kind, ...object } = json;
  const spec = object.spec as JsonObject | undefined;
  const templates = spec?.volumeClaimTemplates;
  if (!Array.isArray(templates)) return object;
  const whole = templates.map((template) => ({ kind: 'PersistentVolumeClaim', apiVersion: 'v1', ...(template as JsonObject) }));
  return { ...object, spec: { ...spec, volumeClaimTemplates: whole } };
}

describe.runIf(folder !== undefined).each(['v1.34.jsonl', 'v1.20.jsonl'])('compatibility samples %s', (file) => {
  it.each(samples(file).map((sample) => [sample.name, sample] as const))('%s', (_name, sample) => {
    const { codec } = kindOf(sample);
    const { message } = unwrap(Buffer.from(sample.protobuf, 'base64'));
    const object = expected(sample);
    expect(codec.decode(message)).toStrictEqual(object);
    expect(codec.fromJson(sample.json)).toStrictEqual(object);
    expect(Buffer.from(codec.encode(codec.fromJson(sample.json))).toString('hex')).toBe(message.toString('hex'));
    expect(Buffer.from(codec.encode(object as object)).toString('hex')).toBe(message.toString('hex'));
    const json = codec.toJson(message).toString();
    expect(parseJson(json)).toStrictEqual(object);
    expect(json).toBe(formatJson(object));
  });
});
