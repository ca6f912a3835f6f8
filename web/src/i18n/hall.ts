const zh = {
  title: '开标大厅',
};
const en: typeof zh = {
  title: 'Opening hall',
};
export const hall = { zh, en };
