import { Collection, Connection, Stamp } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const publicRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/',
    name: 'portal',
    component: () => import('../pages/public/tender-list-page.vue'),
    meta: { title: 'portal.title', nav: { icon: Collection, order: 10 } },
  },
  {
    path: '/tenders/:tenderId',
    name: 'notice',
    component: () => import('../pages/public/notice-page.vue'),
    meta: { title: 'portal.noticeOf' },
  },
  {
    path: '/log',
    name: 'log',
    component: () => import('../pages/public/evidence-log-page.vue'),
    meta: { title: 'evidence.logTitle', nav: { icon: Connection, order: 80 } },
  },
  {
    path: '/verify-guarantee',
    name: 'verify-guarantee',
    component: () => import('../pages/public/verify-guarantee-page.vue'),
    meta: { title: 'portal.verifyTitle', nav: { icon: Stamp, order: 90 } },
  },
];
