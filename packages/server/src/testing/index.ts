export { Answer, ApiClient, type Body, type Headers, type OpenResponse } from './api-client.js';
export { printedCells } from './printed-cells.js';
export { createTestGroups, plainResource } from './resources.js';
export { scraped } from './scraped-metrics.js';
export { startTestServer, stopTestServers, type TestServer } from './start-test-server.js';
export type { ColumnDefinition, Table } from './table.js';
export type { WatchedEvent } from './watch-reader.js';
