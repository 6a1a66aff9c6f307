export { describeResourceStore, type OpenedBackend } from './describe-resource-store.js';
export { RecordingSink } from './recording-sink.js';
export { StoreFixture } from './store-fixture.js';
export { byLabel, byNode, bytes, noteOf, notLabelled, pod, testIndexer } from './test-object.js';
