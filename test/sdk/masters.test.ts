import { describe } from 'vitest';
import { startCluster } from '../support/start-cluster.js';
import { describeSamples } from './samples-suite.js';

describe('extension servers behind three API servers and HAProxy', () => {
  describeSamples(() => startCluster({ masters: 3 }));
});
