import type { RouteRecordRaw } from 'vue-router';

export const resultRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/tenders/:tenderId/result',
    name: 'result',
    component: () => import('../pages/result/public-result-page.vue'),
    meta: { title: 'result.title' },
  },
  {
    path: '/tenders/:tenderId/award',
    name: 'award',
    component: () => import('../pages/result/award-page.vue'),
    meta: { title: 'result.awardTitle', roles: ['tenderee'] },
  },
  {
    path: '/tenders/:tenderId/my-result',
    name: 'my-result',
    component: () => import('../pages/result/my-result-page.vue'),
    meta: { title: 'result.mineTitle', roles: ['bidder'] },
  },
];
