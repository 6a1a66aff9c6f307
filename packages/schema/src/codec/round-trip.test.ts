import { formatJson } from '@keelson/machinery';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tables } from '../gen/tables.js';
import { parseJson } from '../json/parse-json.js';
import { packageTables } from '../table/message-table.js';
import { generatedMessages } from '../testing/generated-objects.js';
import { codecOf } from './codec.js';

/** How deep generated objects nest: enough to meet every field of every message as the root of a test. */
const maxDepth = 2;

const messages = Object.keys(tables).flatMap((name) => [...packageTables(name).values()]);

/** What reading back cannot tell apart: negative zero is zero. */
const same = (value: unknown) => parseJson(formatJson(value));

describe('every message', () => {
  it.each(messages.filter((table) => table.form === undefined).map((table) => [table.fullName, table] as const))(
    '%s round-trips between JSON and protobuf',
    (fullName, table) => {
      const codec = codecOf<object>(fullName);
      fc.assert(
        fc.property(generatedMessages(table, maxDepth), (json) => {
          const canonical = codec.fromJson(json as never);
          expect(same(codec.fromJson(canonical as never))).toStrictEqual(same(canonical));
          const message = codec.encode(json as object);
          expect(Buffer.from(codec.encode(canonical)).equals(message)).toBe(true);
          expect(same(codec.decode(message))).toStrictEqual(same(canonical));
          expect(parseJson(codec.toJson(message).toString())).toStrictEqual(same(canonical));
        }),
        { numRuns: 8 },
      );
    },
  );
});
