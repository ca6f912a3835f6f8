import { DocumentChecked, Message, Monitor, User } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const accountRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'login',
    component: () => import('../pages/account/login-page.vue'),
    meta: { title: 'identity.loginTitle' },
  },
  {
    path: '/register',
    name: 'register',
    component: () => import('../pages/account/register-page.vue'),
    meta: { title: 'identity.registerTitle' },
  },
  {
    path: '/enrol',
    name: 'enrol',
    component: () => import('../pages/account/enrol-page.vue'),
    meta: { title: 'identity.enrolTitle' },
  },
  {
    path: '/desk',
    name: 'desk',
    component: () => import('../pages/desk/desk-page.vue'),
    meta: { title: 'identity.deskTitle', login: true, nav: { icon: Monitor, order: 0 } },
  },
  {
    path: '/inbox',
    name: 'inbox',
    component: () => import('../pages/account/inbox-page.vue'),
    meta: { title: 'identity.inboxTitle', login: true, nav: { icon: Message, order: 60 } },
  },
  {
    path: '/mandates',
    name: 'mandates',
    component: () => import('../pages/account/mandates-page.vue'),
    meta: { title: 'identity.mandatesTitle', roles: ['tenderee', 'agency'], nav: { icon: DocumentChecked, order: 50 } },
  },
  {
    path: '/account',
    name: 'account',
    component: () => import('../pages/account/account-page.vue'),
    meta: { title: 'identity.accountTitle', login: true, nav: { icon: User, order: 70 } },
  },
];
