const zh = {
  title: '招标代理',
};
const en: typeof zh = {
  title: 'Agency',
};
export const agency = { zh, en };
