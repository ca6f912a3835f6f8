import { Tickets } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const bidderRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/tenders/:tenderId/deposit',
    name: 'deposit',
    component: () => import('../pages/bidder/deposit-page.vue'),
    meta: { title: 'bidder.depositTitle', roles: ['bidder'] },
  },
  {
    path: '/tenders/:tenderId/seal',
    name: 'seal',
    component: () => import('../pages/bidder/seal-page.vue'),
    meta: { title: 'bidder.sealTitle', roles: ['bidder'] },
  },
  {
    path: '/my-bids',
    name: 'my-bids',
    component: () => import('../pages/bidder/my-bids-page.vue'),
    meta: { title: 'bidder.myBids', roles: ['bidder'], nav: { icon: Tickets, order: 5 } },
  },
];
