import { ineffectiveFeatureGates } from '../feature-gates.js';
import { harmless, implemented, partial, refused } from '../flag.js';
import { bool, duration, float, int, ip, strictKeyValues, string, strings } from '../flag-type.js';

const minute = 60_000;

export const genericFlags = {
  title: 'Generic flags',
  flags: {
    'advertise-address': implemented(
      ip,
      '',
      'IP address under which other members of the cluster reach this server. Empty: the --bind-address, or the address of the default interface when that is unspecified.',
    ),
    'cors-allowed-origins': implemented(
      strings,
      [],
      'Regular expressions of origins that browsers may call from. Each must match the whole host: start it with ^ or //, end it with $ or (:|$). Empty: no CORS.',
    ),
    'default-not-ready-toleration-seconds': implemented(
      int,
      300,
      'tolerationSeconds for notReady:NoExecute given to pods that have no such toleration.',
    ),
    'default-unreachable-toleration-seconds': implemented(
      int,
      300,
      'tolerationSeconds for unreachable:NoExecute given to pods that have no such toleration.',
    ),
    'emulated-version': refused(strings, [], 'Version of Kubernetes to behave as.', 'this server behaves as Kubernetes v1.34 only'),
    'emulation-forward-compatible': refused(
      bool,
      false,
      'Also serve the later versions of enabled beta APIs when emulating an earlier version.',
      'this server behaves as Kubernetes v1.34 only',
    ),
    'external-hostname': implemented(string, '', 'Host name for URLs that point back at this server.'),
    'feature-gates': partial(
      implemented(
        strictKeyValues,
        new Map(),
        'Features to switch on or off: Name=true|false, or kube:Name=true|false. AllAlpha and AllBeta stand for every gate of that stage. Most switch nothing here; a warning names those that do not.',
      ),
      ineffectiveFeatureGates,
    ),
    'goaway-chance': implemented(
      float,
      0,
      'Fraction of HTTP/2 requests answered with a GOAWAY, so that clients spread over the servers behind a load balancer. 0 (off) to 0.02; 0.001 is a good start. Leave it off with a single server.',
    ),
    'livez-grace-period': implemented(duration, 0, 'How long after the start /livez takes unfinished start hooks for healthy.'),
    'max-mutating-requests-inflight': implemented(
      int,
      200,
      'Mutating requests served at a time; more are answered with 429. 0: no limit. With priority and fairness: added to the seats of all levels.',
    ),
    'max-requests-inflight': implemented(
      int,
      400,
      'Read requests served at a time; more are answered with 429. 0: no limit. With priority and fairness: added to the seats of all levels.',
    ),
    'min-request-timeout': implemented(
      int,
      1800,
      'Seconds a watch stays open at least; each watch gets a random time above it, so that they do not all end together.',
    ),
    'request-timeout': implemented(duration, minute, 'Time a request may take, watches and other long-running requests excepted.'),
    'runtime-config-emulation-forward-compatible': refused(
      bool,
      false,
      'Also serve APIs of --runtime-config that are newer than the emulated version.',
      'this server behaves as Kubernetes v1.34 only',
    ),
    'shutdown-delay-duration': implemented(
      duration,
      0,
      'Time between the signal to stop and the stop itself. /readyz fails meanwhile and everything else works, so that load balancers can turn away.',
    ),
    'shutdown-send-retry-after': implemented(
      bool,
      false,
      'While requests drain at shutdown, keep listening and answer new requests with 429, Retry-After and Connection: close.',
    ),
    'shutdown-watch-termination-grace-period': implemented(duration, 0, 'Time over which open watches are ended at shutdown.'),
    'storage-initialization-timeout': harmless(
      duration,
      minute,
      'Time after which the server counts as ready although its caches are not filled; this server listens when they are.',
    ),
    'strict-transport-security-directives': implemented(
      strings,
      [],
      'Directives of the Strict-Transport-Security header, such as max-age=31536000,includeSubDomains,preload. Empty: no header.',
    ),
  },
} as const;
