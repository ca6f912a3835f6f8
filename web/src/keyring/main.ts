import '../styles/tokens.css';
import '../styles/base.css';
import './keyring.css';
import { createApp } from 'vue';
import { openIdentityStore } from './identity-store.ts';
import KeyringApp from './keyring-app.vue';

const language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'zh';
const appOrigin = document.querySelector<HTMLMetaElement>('meta[name="qej-app-origin"]')?.content ?? '';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
document.documentElement.classList.toggle('dark', matchMedia('(prefers-color-scheme: dark)').matches);

createApp(KeyringApp, { language, appOrigin, store: await openIdentityStore() }).mount('#keyring');
