export { ConnectProxyServer } from '../remote/testing/connect-proxy.js';
export { type ScriptedAnswer, type ScriptedRequest, ScriptedServer } from '../remote/testing/scripted-server.js';
