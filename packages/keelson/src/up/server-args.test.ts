import { describe, expect, it } from 'vitest';
import { serverArgs } from './server-args.js';

describe('serverArgs', () => {
  it('puts what is required first, then defaults the user is silent about, then what the user says', () => {
    const args = serverArgs({ 'secure-port': '6444' }, { 'allow-privileged': 'true', 'event-ttl': '1h' }, [
      { name: 'event-ttl', text: '2h' },
      { name: 'masters', text: '3' },
      { name: 'secure-port', text: '1' },
      { name: 'v', text: '4' },
    ]);
    expect(args).toEqual(['--secure-port=6444', '--allow-privileged=true', '--event-ttl=2h', '--v=4']);
  });

  it("adds the user's API settings to the defaults", () => {
    expect(serverArgs({}, { 'runtime-config': 'api/beta=true' }, [{ name: 'runtime-config', text: 'api/alpha=true' }])).toEqual([
      '--runtime-config=api/beta=true',
      '--runtime-config=api/alpha=true',
    ]);
  });

  it('leaves out a default that what the user says excludes', () => {
    const given = [{ name: 'authorization-config', text: '/x' }];
    expect(serverArgs({}, { 'authorization-mode': 'Node,RBAC', v: '2' }, given)).toEqual(['--v=2', '--authorization-config=/x']);
  });
});
