/** Unit tests: no browser. `*.browser.test.ts` runs by ava.browser.config.js (`./qej test --only browser`). */
export default {
  files: [
    '{packages,services}/*/src/**/*.test.ts',
    '{scripts,bench/src,e2e/src,web/src}/**/*.test.ts',
    '!**/*.browser.test.ts',
  ],
  extensions: ['ts'],
  // Idle time, not total: a machine that also runs other things must not fail a test for being slow.
  timeout: '300s',
  concurrency: 2,
  workerThreads: false,
};
