const zh = {
  title: '评标委员会',
};
const en: typeof zh = {
  title: 'Committee',
};
export const committee = { zh, en };
