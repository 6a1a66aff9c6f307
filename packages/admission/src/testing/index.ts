export * from './webhook-server.js';
