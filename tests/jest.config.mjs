// Two worlds: Node code as ES modules against real servers, and React components in jsdom.
const swc = (module, extra = {}) => [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022', transform: { react: { runtime: 'classic' } }, ...extra },
    module: { type: module },
    sourceMaps: 'inline',
  },
];

const rootDir = new URL('..', import.meta.url).pathname;

export default {
  rootDir,
  // Two cores: the suites start servers and browsers of their own.
  maxWorkers: 2,
  testTimeout: 30_000,
  testSequencer: '<rootDir>/tests/support/long-suites-first.mjs',
  projects: [
    {
      displayName: 'node',
      rootDir,
      testEnvironment: 'node',
      testMatch: ['<rootDir>/tests/{unit,store,sandbox,api,browser,chaos,solution,house}/**/*.test.ts'],
      extensionsToTreatAsEsm: ['.ts', '.tsx'],
      transform: { '^.+\\.tsx?$': swc('es6') },
      globalSetup: '<rootDir>/tests/support/global-setup.mjs',
      globalTeardown: '<rootDir>/tests/support/global-teardown.mjs',
    },
    {
      displayName: 'react',
      rootDir,
      testEnvironment: 'jsdom',
      testMatch: ['<rootDir>/tests/{ui,pcf,panel}/**/*.test.tsx', '<rootDir>/tests/{ui,pcf,panel}/**/*.test.ts'],
      transform: { '^.+\\.[jt]sx?$': swc('commonjs') },
      transformIgnorePatterns: ['/node_modules/(?!(openapi-fetch|openapi-typescript-helpers)/)'],
      setupFilesAfterEnv: ['<rootDir>/tests/support/react-setup.ts'],
    },
  ],
};
