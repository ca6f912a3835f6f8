/** Tests that drive a real Chromium, one file at a time. */
export default {
  files: ['{packages,services}/*/src/**/*.browser.test.ts'],
  extensions: ['ts'],
  timeout: '300s',
  concurrency: 1,
  workerThreads: false,
};
