import type { JsonObject } from '@keelson/machinery';
import { type MessageTable, messageTable } from '../table/message-table.js';
import { flatten } from '../table/type-schema.js';
import { definitionSchema, type OpenApiVersion } from './definition-schema.js';

/**
 * The definitions that a document needs whose operations mention the given messages (`core.v1.Pod`), by definition name
 * and sorted: these and all they refer to.
 */
export function openApiDefinitions(messages: Iterable<string>, version: OpenApiVersion): Record<string, JsonObject> {
  return Object.fromEntries(eachOpenApiDefinition(messages, version));
}

/** The same one by one, for those who must not hold the event loop while there are hundreds to make. */
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
