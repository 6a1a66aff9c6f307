import { serve } from '@keelson/sdk';
import { flunders } from './flunders.js';

await serve({ resources: [flunders], storage: process.env.ETCD ?? 'embedded:./data' });
