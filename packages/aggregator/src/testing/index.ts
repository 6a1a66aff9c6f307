export * from './extension-server.js';
