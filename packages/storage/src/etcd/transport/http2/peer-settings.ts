import { ConnectionError, ErrorCode, FRAME_BYTES, MAX_FRAME_BYTES, MAX_WINDOW, Setting } from './protocol.js';

const SETTING_BYTES = 6;

/** The settings of a SETTINGS frame in their order, each of them allowed (RFC 9113, 6.5). */
export function readSettings(payload: Buffer): ReadonlyArray<readonly [setting: number, value: number]> {
  if (payload.length % SETTING_BYTES !== 0)
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a SETTINGS frame with a part of a setting');
  const settings: (readonly [number, number])[] = [];
  for (let at = 0; at < payload.length; at += SETTING_BYTES) {
    const setting = payload.readUInt16BE(at);
    const value = payload.readUInt32BE(at + 2);
    check(setting, value);
    settings.push([setting, value]);
  }
  return settings;
}

function check(setting: number, value: number): void {
  switch (setting) {
    case Setting.ENABLE_PUSH:
      if (value !== 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'a server that wants to be pushed to');
      break;
    case Setting.INITIAL_WINDOW_SIZE:
      if (value > MAX_WINDOW) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `windows of ${value} bytes`);
      break;
    case Setting.MAX_FRAME_SIZE:
      if (value < FRAME_BYTES || value > MAX_FRAME_BYTES) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `frames of ${value} bytes`);
      break;
  }
}
