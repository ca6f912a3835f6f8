const zh = {
  title: '投标',
};
const en: typeof zh = {
  title: 'Bidding',
};
export const bidder = { zh, en };
