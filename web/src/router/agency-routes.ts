import { EditPen } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

const editor = () => import('../pages/agency/notice-editor-page.vue');

export const agencyRoutes: readonly RouteRecordRaw[] = [
  {
    path: '/agency/tenders/new',
    name: 'tender-new',
    component: editor,
    props: { mode: 'new' },
    meta: { title: 'agency.newTitle', roles: ['agency'], nav: { icon: EditPen, order: 10 } },
  },
  {
    path: '/tenders/:tenderId/edit',
    name: 'tender-edit',
    component: editor,
    props: { mode: 'edit' },
    meta: { title: 'agency.editTitle', roles: ['agency'] },
  },
  {
    path: '/tenders/:tenderId/retender',
    name: 'tender-retender',
    component: editor,
    props: { mode: 'retender' },
    meta: { title: 'agency.retenderTitle', roles: ['agency'] },
  },
  {
    path: '/tenders/:tenderId/prepare',
    name: 'tender-prepare',
    component: () => import('../pages/agency/prepare-page.vue'),
    meta: { title: 'agency.prepareTitle', roles: ['agency'] },
  },
  {
    path: '/tenders/:tenderId/terminate',
    name: 'tender-terminate',
    component: () => import('../pages/agency/terminate-page.vue'),
    meta: { title: 'agency.terminateTitle', roles: ['agency'] },
  },
  {
    path: '/tenders/:tenderId/committee',
    name: 'tender-committee',
    component: () => import('../pages/agency/committee-page.vue'),
    meta: { title: 'committee.title', roles: ['agency', 'tenderee', 'supervisor'] },
  },
];
