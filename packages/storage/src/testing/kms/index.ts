export { SamplePlugin } from './sample-plugin.js';
