import { serve } from '@keelson/sdk';
import { flunders } from './flunders.js';

const { ETCD: storage = 'embedded:./data', PORT: port = '8443' } = process.env;

await serve({ resources: [flunders], storage, port: Number(port) });
