import { expect, it } from 'vitest';
import { countLost } from '../testing/lost.js';
import { RecordingBackend } from '../testing/recording-backend.js';
import { sampleEvent } from '../testing/sample-event.js';
import { TruncatingBackend } from './truncating-backend.js';

const large = [Buffer.from(JSON.stringify({ data: 'x'.repeat(1000) }))];

it('takes the objects out of events that are too large, and loses those that are so without', () => {
  const kept = new RecordingBackend();
  const { lost, count } = countLost();
  const backend = new TruncatingBackend(kept, 600, lost);
  const events = [
    sampleEvent('small', { level: 'RequestResponse', requestObject: [Buffer.from('{}')] }),
    sampleEvent('large', { level: 'Request', requestObject: large, annotations: new Map([['a', 'b']]) }),
    sampleEvent('long', { level: 'RequestResponse', requestUri: `/${'x'.repeat(600)}` }),
    sampleEvent('long too', { requestUri: `/${'x'.repeat(600)}` }),
  ];
  expect(events.map((event) => backend.process(event))).toEqual([true, true, true, true]);
  expect(kept.events).toMatchObject([{ auditID: 'small', requestObject: {} }, { auditID: 'large' }]);
  expect([kept.events[1]?.requestObject, kept.events[1]?.annotations]).toEqual([undefined, { a: 'b', 'audit.k8s.io/truncated': 'true' }]);
  expect(count('truncate')).toBe(2);
});
