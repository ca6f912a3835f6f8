export default {
  files: ['{packages,services}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
  extensions: ['ts'],
  timeout: '120s',
  workerThreads: false,
};
