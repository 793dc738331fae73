/** Sources are only stripped of their types here; `npm run types` is what checks them. */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
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
