import type { FormItemRule } from 'element-plus';
import type { Translate } from './use-t.ts';

/** A field that must not be blank. */
export const required = (t: Translate): FormItemRule => ({
  required: true,
  whitespace: true,
  message: t('identity.required'),
  trigger: 'blur',
});

/** A field that fits a pattern; blank is for `required` to say. */
export const fits = (pattern: RegExp, message: string): FormItemRule => ({ pattern, message, trigger: 'blur' });
