import { describe, expect, it } from 'vitest';
import { containerProblems } from '../../testing/pod-problems.js';

const portRange = 'must be between 1 and 65535, inclusive';

describe('a liveness probe', () => {
  it.each<[string, object, string[]]>([
    ['by command', { exec: { command: ['true'] }, terminationGracePeriodSeconds: 5 }, []],
    ['by HTTP', { httpGet: { port: 'web', httpHeaders: [{ name: 'X-A', value: 'a' }] } }, []],
    ['by gRPC', { grpc: { port: 80 } }, []],
    ['by nothing', {}, [': Required value: must specify a handler type']],
    ['by no command', { exec: {} }, ['.exec.command: Required value']],
    [
      'by HTTP in a wrong way',
      { httpGet: { port: 'Web', scheme: 'FTP', httpHeaders: [{ name: 'a b', value: '' }] } },
      [
        '.httpGet.port: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        '.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
        '.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or \'-\' ' +
          "(e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ],
    ],
    ['by TCP to no port', { tcpSocket: { port: 0 } }, [`.tcpSocket.port: Invalid value: 0: ${portRange}`]],
    ['by gRPC to no port', { grpc: { port: 0 } }, [`.grpc.port: Invalid value: 0: ${portRange}`]],
    [
      'in two ways',
      { exec: { command: ['true'] }, tcpSocket: { port: 80 } },
      ['.tcpSocket: Forbidden: may not specify more than 1 handler type'],
    ],
    [
      'with counts below zero',
      { exec: { command: ['a'] }, initialDelaySeconds: -1, periodSeconds: -1, failureThreshold: -1, terminationGracePeriodSeconds: 0 },
      [
        '.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0',
        '.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
        '.failureThreshold: Invalid value: -1: must be greater than or equal to 0',
        '.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0',
      ],
    ],
    ['that must succeed twice', { exec: { command: ['a'] }, successThreshold: 2 }, ['.successThreshold: Invalid value: 2: must be 1']],
  ])('%s', (_title, livenessProbe, problems) => {
    expect(containerProblems({ livenessProbe })).toEqual(problems.map((text) => `livenessProbe${text}`));
  });
});

describe('other probes', () => {
  const exec = { command: ['true'] };

  it('may have to succeed twice only for readiness', () => {
    expect(containerProblems({ readinessProbe: { exec, successThreshold: 2 } })).toEqual([]);
    expect(containerProblems({ startupProbe: { exec, successThreshold: 2 } })).toEqual([
      'startupProbe.successThreshold: Invalid value: 2: must be 1',
    ]);
  });

  it('stop nothing for want of readiness', () => {
    expect(containerProblems({ readinessProbe: { exec, terminationGracePeriodSeconds: 7 } })).toEqual([
      'readinessProbe.terminationGracePeriodSeconds: Invalid value: 7: must not be set for readinessProbes',
    ]);
  });
});

describe('a hook', () => {
  it.each<[string, object, string[]]>([
    ['that sleeps', { preStop: { sleep: { seconds: 5 } }, postStart: { exec: { command: ['true'] } } }, []],
    [
      'that sleeps too long',
      { preStop: { sleep: { seconds: 50 } } },
      ['preStop.sleep: Invalid value: 50: must be non-negative and less than terminationGracePeriodSeconds (30)'],
    ],
    ['that does nothing', { postStart: {} }, ['postStart: Required value: must specify a handler type']],
  ])('%s', (_title, lifecycle, problems) => {
    expect(containerProblems({ lifecycle })).toEqual(problems.map((text) => `lifecycle.${text}`));
  });
});

describe('a port', () => {
  it.each<[string, object[], string[]]>([
    ['with a name', [{ name: 'web', containerPort: 80 }], []],
    [
      'with a bad name',
      [{ name: '-1-', containerPort: 80 }],
      [
        '[0].name: Invalid value: "-1-": must contain at least one letter (a-z)',
        '[0].name: Invalid value: "-1-": must not begin or end with a hyphen',
      ],
    ],
    ['with the name of another', [80, 81].map((containerPort) => ({ name: 'a', containerPort })), ['[1].name: Duplicate value: "a"']],
    ['without a number', [{}], ['[0].containerPort: Required value']],
    [
      'with numbers that are none',
      [{ containerPort: 65536, hostPort: -1, protocol: 'X' }],
      [
        `[0].containerPort: Invalid value: 65536: ${portRange}`,
        `[0].hostPort: Invalid value: -1: ${portRange}`,
        '[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
  ])('%s', (_title, ports, problems) => {
    expect(containerProblems({ ports })).toEqual(problems.map((text) => `ports${text}`));
  });

  it('is that of the host on its network', () => {
    expect(containerProblems({ ports: [{ containerPort: 80 }] }, { hostNetwork: true })).toEqual([]);
    expect(containerProblems({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true })).toEqual([
      'ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
    ]);
  });
});
