import unit from './jest.config.js';

/** What is built, as a whole, over HTTP: `npm run e2e` builds it first. */
export default {
  ...unit,
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testTimeout: 60_000,
};
