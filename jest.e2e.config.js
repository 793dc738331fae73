import unit from './jest.config.js';

/** The built bundles against stand-ins of AWS over HTTP: `npm run e2e` builds the bundles first. */
export default {
  ...unit,
  // Each test starts processes of its own.
  maxWorkers: '50%',
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testTimeout: 600_000,
};
