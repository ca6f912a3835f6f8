import type { RouteRecordRaw } from 'vue-router';

export const hallRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/tenders/:tenderId/hall',
    name: 'hall',
    component: () => import('../pages/hall/hall-page.vue'),
    meta: { title: 'hall.title' },
  },
];
