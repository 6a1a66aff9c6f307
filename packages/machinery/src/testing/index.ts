export { type ScriptedAnswer, type ScriptedRequest, ScriptedServer } from '../remote/testing/scripted-server.js';
