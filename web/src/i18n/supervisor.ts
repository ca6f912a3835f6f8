const zh = {
  title: '监督',
};
const en: typeof zh = {
  title: 'Supervision',
};
export const supervisor = { zh, en };
