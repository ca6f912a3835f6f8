/** Who acts (角色). A user holds roles through memberships of organisations; docs/glossary.md has the Chinese terms. */
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
export type Role = (typeof roles)[number];
