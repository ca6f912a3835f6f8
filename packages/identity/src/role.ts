export const roles = [
  'operator',
  'tenderee',
  'agency',
  'witness',
  'bidder',
  'expert',
  'supervisor',
  'guarantor',
] as const;
/** 平台运营, 招标人, 代理机构, 见证人员, 投标人, 评标专家, 行政监督人员, 保函出具人. A witness is never a supervisor. */
export type Role = (typeof roles)[number];

export const roleNames: Readonly<Record<Role, { readonly zh: string; readonly en: string }>> = {
  operator: { zh: '平台运营', en: 'Operator' },
  tenderee: { zh: '招标人', en: 'Tenderee' },
  agency: { zh: '代理机构', en: 'Agency' },
  witness: { zh: '见证人员', en: 'Venue witness' },
  bidder: { zh: '投标人', en: 'Bidder' },
  expert: { zh: '评标专家', en: 'Expert' },
  supervisor: { zh: '行政监督人员', en: 'Supervisor' },
  guarantor: { zh: '保函出具人', en: 'Guarantor' },
};

/** Roles that act only with a second factor: they can change what many others rely on. */
export const secondFactorRoles: readonly Role[] = ['operator', 'guarantor'];

/** Pairs of roles that one organisation must not hold: who watches or judges takes no part. */
export const incompatibleRoles: readonly (readonly [Role, Role])[] = [
  ['supervisor', 'tenderee'],
  ['supervisor', 'agency'],
  ['supervisor', 'bidder'],
  ['supervisor', 'operator'],
  ['supervisor', 'witness'],
  ['supervisor', 'guarantor'],
  ['witness', 'operator'],
  ['witness', 'bidder'],
  ['witness', 'agency'],
  ['witness', 'tenderee'],
  ['operator', 'bidder'],
  ['agency', 'bidder'],
  ['guarantor', 'bidder'],
];

/** The first clash among an organisation's roles; tenderee and agency together are allowed. */
export const findRoleClash = (held: readonly Role[]): readonly [Role, Role] | undefined =>
  incompatibleRoles.find(([one, other]) => held.includes(one) && held.includes(other));
