import { describe } from 'vitest';
import { startApiServer } from '../support/start-api-server.js';
import { describeSamples } from './samples-suite.js';

describe('extension servers behind one API server', () => {
  describeSamples(() => startApiServer({ backend: 'embedded', flags: { 'requestheader-allowed-names': 'front-proxy-client' } }));
});
