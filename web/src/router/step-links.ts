/** Where a command of `nextStep` is done; a command without a row is done on the tender's own page. */
const pages: Readonly<Record<string, string>> = {
  freezeNotice: '/prepare',
  publishTender: '/prepare',
  startDecryption: '/hall',
  closeWindow: '/hall',
  makeOpeningRecord: '/hall',
  releaseHalf: '/hall',
  confirmPrice: '/hall',
  drawCommittee: '/committee',
  publishCandidates: '/committee',
  makeAwardNotice: '/award',
  recordContract: '/award',
  getMyResult: '/my-result',
  retender: '/terminate',
  seal: '/seal',
  signIn: '/room',
  workbench: '/workbench',
  signReport: '/workbench',
};

/** Path of the page on which a next step is done. */
export const stepPath = (command: string, tenderId: string): string => `/tenders/${tenderId}${pages[command] ?? ''}`;
