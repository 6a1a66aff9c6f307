import { serve } from '@keelson/sdk';
import { widgets } from './widgets.js';

const { ETCD: storage = 'embedded:./data', PORT: port = '8443' } = process.env;

await serve({ resources: [widgets], service: { name: '__NAME__' }, storage, port: Number(port) });
