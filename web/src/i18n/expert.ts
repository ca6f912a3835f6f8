const zh = {
  title: '评标',
};
const en: typeof zh = {
  title: 'Evaluation',
};
export const expert = { zh, en };
