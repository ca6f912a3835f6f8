const zh = {
  title: '结果',
};
const en: typeof zh = {
  title: 'Result',
};
export const result = { zh, en };
