/** The unit tests. Types are only stripped here: `npm run types` checks types. */
export default {
  // All cores: the first process only waits for the others.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Stops tests that hang, and no slow tests: the machine may be busy.
  testTimeout: 60_000,
  setupFiles: ['<rootDir>/test/quiet.ts'],
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'commonjs' },
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(p-map)/)'],
};
