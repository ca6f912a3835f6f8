import type { TestStep } from '../test-steps.ts';

export const dockerPart: TestStep = {
  name: 'docker',
  title: 'the Dockerfiles’ steps in a debootstrap chroot',
  packages: ['full'],
  run: async () => undefined,
};
