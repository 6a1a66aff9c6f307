import type { JsonObject } from '@keelson/machinery';
import { type MessageTable, messageTable } from '../table/message-table.js';
import { flatten } from '../table/type-schema.js';
import { definitionSchema, type OpenApiVersion } from './definition-schema.js';

/**
 * The definitions that a document needs whose operations mention the given messages (`core.v1.Pod`), by definition name
 * and sorted: these and all they refer to. One by one: there may be hundreds to make, which must not hold the event loop.
 */
export function* eachOpenApiDefinition(
  messages: Iterable<string>,
  version: OpenApiVersion,
): Generator<[name: string, schema: JsonObject], void> {
  const reached = new Map<string, MessageTable>();
  for (const message of messages) reach(messageTable(message), reached);
  const sorted = [...reached.values()].sort((a, b) => (a.definition < b.definition ? -1 : 1));
  for (const table of sorted) yield [table.definition, definitionSchema(table, version)];
}

function reach(table: MessageTable, reached: Map<string, MessageTable>): void {
  // String lists are written out where they occur.
  if (reached.has(table.fullName) || table.form === 'stringList') return;
  reached.set(table.fullName, table);
  for (const [, field] of flatten(table)) if (field.message !== undefined) reach(messageTable(field.message), reached);
}
