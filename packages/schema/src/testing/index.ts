export { generatedMessages, generatedObjects } from './generated-objects.js';
