const zh = {
  title: '保函业务',
  intro: '平台只转送密封的往来件，看不到标段与金额；受理、出函和索赔在本机构的系统中办理。',
  openDesk: '打开本机构业务台',
  none: '还没有保函申请',
  order: '订单',
  state: '状态',
  submittedAt: '提交时间',
  updatedAt: '更新时间',
  reason: '说明',
};
const en: typeof zh = {
  title: 'Guarantee desk',
  intro:
    'The platform relays sealed messages and sees neither lot nor amount; you work in the system of your institution.',
  openDesk: 'Open the desk of my institution',
  none: 'No application yet',
  order: 'Order',
  state: 'State',
  submittedAt: 'Submitted',
  updatedAt: 'Updated',
  reason: 'Remark',
};
export const bank = { zh, en };
