/** Unit tests: no browser. `*.browser.test.ts` runs by ava.browser.config.js (`./qej test --only browser`). */
export default {
  files: [
    '{packages,services}/*/src/**/*.test.ts',
    '{scripts,bench/src,e2e/src}/**/*.test.ts',
    '!**/*.browser.test.ts',
  ],
  extensions: ['ts'],
  timeout: '120s',
  workerThreads: false,
};
