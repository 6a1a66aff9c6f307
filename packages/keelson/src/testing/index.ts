export { startTestControlPlane, type TestControlPlane, type TestControlPlaneOptions } from './start-test-control-plane.js';
