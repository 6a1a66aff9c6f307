import { expect, it } from 'vitest';
import { requestProblem } from './request-signature.js';

const pem = (content: string): string => `-----BEGIN CERTIFICATE REQUEST-----\n${content}\n-----END CERTIFICATE REQUEST-----\n`;
const ec = pem(`MIHaMIGBAgEAMB8xDTALBgNVBAoMBGRldnMxDjAMBgNVBAMMBXJ1bGVzMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEE4lT5njTK7WUCG+RkdkYRWuYaWOkyt6zK3tu
lacvXlZNy0LflaCXujBf0KEW1wmdC2Sa64tGfPznYtLP1O9jcqAAMAoGCCqGSM49
BAMCA0gAMEUCIATJX03bciq/1z1yp5k3YxxUnpLH7R4zWYAulw1iVqUnAiEA4OWz
nI7Tw7+bMiFFpFeyit96f+j9U45Qln6r0aNoXtk=`);
const rsa = pem(`MIIBTzCBuQIBADAQMQ4wDAYDVQQDDAVydWxlczCBnzANBgkqhkiG9w0BAQEFAAOB
jQAwgYkCgYEAtY976PcBMC4jHq7jxttNWdkAkixMiVMw/o6Z6fBU7IbMsoxKqj/Q
IXfENOGaaXPD4uYIeTnhvFmDdY31323swCwEj7d3KSfPTEx2FBAcNowS11xeEPad
qpL0r1i9Y0EprzMGHkEZNEHWy5xBFDUWfn86QgnMo5O/GRsDp2U59e0CAwEAAaAA
MA0GCSqGSIb3DQEBCwUAA4GBACtPal3SUA/zTPhAUInQ+fLtSXJV9KtlMbzgUMbO
8jLaqXAqjbY9D3kvT0ySRUizZOkTijNOQk649ndSOoZktPjRJuQ6yOnKxa5UyB/q
4QXPkN2wXbN2VClbcvVaMSfx7s6bU2oXgeHJ+Z+hona+zETODfL/ptZ5AGvS56YW
pw9u`);
const rsaPss = pem(`MIIBgzCBuQIBADAQMQ4wDAYDVQQDDAVydWxlczCBnzANBgkqhkiG9w0BAQEFAAOB
jQAwgYkCgYEAtY976PcBMC4jHq7jxttNWdkAkixMiVMw/o6Z6fBU7IbMsoxKqj/Q
IXfENOGaaXPD4uYIeTnhvFmDdY31323swCwEj7d3KSfPTEx2FBAcNowS11xeEPad
qpL0r1i9Y0EprzMGHkEZNEHWy5xBFDUWfn86QgnMo5O/GRsDp2U59e0CAwEAAaAA
MEEGCSqGSIb3DQEBCjA0oA8wDQYJYIZIAWUDBAIBBQChHDAaBgkqhkiG9w0BAQgw
DQYJYIZIAWUDBAIBBQCiAwIBIAOBgQBd8gpaLhFlnm0/+YKBprwvvxOhILc+6smX
KSgVai1vcsbEdNr3jJY1RH2/gjI3WEwROt+bhv+j+YlW0V+VMSweD5qjzyHqONu3
gHuO+wVJxr7w32j6vxuW/tNnIla/zfeI/D+XGH3w1fIpxDFB0XMke7qK2a9uE4eY
AufSg6BHDQ==`);
const ed25519 = pem(`MIGPMEMCAQAwEDEOMAwGA1UEAwwFcnVsZXMwKjAFBgMrZXADIQBbNEbs8uH4Fe3C
4Mee2aEJy6Z8Z0KbXoDr0j8Os+aVsqAAMAUGAytlcANBALTlbvOaCzlunm0aYdj0
uWhiky4VWvbiwHphXPINe2wE873dCI2nCvV2uSKQXg4wPyzzkdRYxnstOtq49e+9
LA4=`);

/** The same, for another name than what was signed. */
const changed = (request: string): string => request.replace('1bGVz', '1bGV0').replace('ydWxlc', 'ydWxld').replace('cnVsZXM', 'cnVsZXQ');

it.each([
  ['ec', ec, 'x509: ECDSA verification failure'],
  ['rsa', rsa, 'crypto/rsa: verification error'],
  ['rsa-pss', rsaPss, 'crypto/rsa: verification error'],
  ['ed25519', ed25519, 'x509: Ed25519 verification failure'],
])('lets in what was signed with a key of kind %s, and nothing else', (_kind, request, failure) => {
  expect(requestProblem(request)).toBeUndefined();
  expect(changed(request)).not.toBe(request);
  expect(requestProblem(changed(request))).toBe(failure);
});

it.each([
  ['', 'PEM block type must be CERTIFICATE REQUEST'],
  [ec.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE'), 'PEM block type must be CERTIFICATE REQUEST'],
  [pem('MAUCAw=='), 'asn1: syntax error: data truncated'],
  [pem('MAAwAA=='), 'asn1: syntax error: trailing data'],
  [pem('MAA='), 'asn1: syntax error: data truncated'],
  [ec.replace('\nBAMC', '\nBAMA'), 'x509: cannot verify signature: algorithm unimplemented'],
])('tells what is wrong with %j', (request, problem) => {
  expect(requestProblem(request)).toBe(problem);
});
