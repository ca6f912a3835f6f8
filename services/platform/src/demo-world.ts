import { usccCheckCharacter } from '@qej/identity';
import type { Role } from '@qej/identity';

/** Invented people and organisations. Names, codes and grades are made up; nobody real is meant. */
export interface DemoOrganization {
  readonly key: string;
  readonly name: string;
  readonly uscc: string;
  readonly roles: readonly Role[];
  readonly address: string;
  /** Credit grade of a bidder in the credit-facts file (stand-in). */
  readonly grade?: 'AAA' | 'AA' | 'A' | 'B' | 'C';
}
export interface DemoUser {
  /** Id of the person's demo certificate and log-in. */
  readonly key: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly organization: string;
  readonly role: Role;
  readonly expert?: {
    readonly kind: 'technical' | 'economic';
    readonly specialty: string;
    readonly region: string;
    readonly employer: string;
    readonly employerUscc: string;
  };
}

const uscc = (kind: string, index: number): string => {
  const first17 = `${kind}370202${String(index).padStart(9, '0')}`;
  return first17 + usccCheckCharacter(first17);
};

const BIDDER_NAMES = [
  '青岛远海建设集团有限公司',
  '山东泰和路桥工程有限公司',
  '青岛鲁信市政工程有限公司',
  '胶东联合建筑有限公司',
  '青岛崂峰园林建设有限公司',
  '黄海机电安装有限公司',
  '青岛恒岳土木工程有限公司',
  '山东齐辉建设有限公司',
  '青岛浮山工程技术有限公司',
  '烟海建工集团有限公司',
  '青岛明湾水务工程有限公司',
  '潍坊盛达建设有限公司',
  '青岛即墨城建有限公司',
  '山东海岱交通工程有限公司',
  '青岛蓝谷智能建造有限公司',
  '日照东港建设有限公司',
  '青岛金沙滩基础工程有限公司',
  '山东沂蒙建筑有限公司',
  '青岛胶州湾港务工程有限公司',
  '威海宏远建设有限公司',
  '青岛栈桥市政设施有限公司',
  '济南历山建工有限公司',
  '青岛大沽河水利工程有限公司',
  '淄博齐都建设有限公司',
] as const;
const GRADES = ['AAA', 'A', 'B', 'AA', 'A', 'C'] as const;
const SURNAMES = [
  '王',
  '李',
  '张',
  '刘',
  '陈',
  '杨',
  '赵',
  '黄',
  '周',
  '吴',
  '徐',
  '孙',
  '胡',
  '朱',
  '高',
  '林',
  '何',
  '郭',
  '马',
  '罗',
  '梁',
  '宋',
  '郑',
  '谢',
  '韩',
  '唐',
  '冯',
  '于',
  '董',
  '萧',
] as const;
const LATIN = [
  'Wang',
  'Li',
  'Zhang',
  'Liu',
  'Chen',
  'Yang',
  'Zhao',
  'Huang',
  'Zhou',
  'Wu',
  'Xu',
  'Sun',
  'Hu',
  'Zhu',
  'Gao',
  'Lin',
  'He',
  'Guo',
  'Ma',
  'Luo',
  'Liang',
  'Song',
  'Zheng',
  'Xie',
  'Han',
  'Tang',
  'Feng',
  'Yu',
  'Dong',
  'Xiao',
] as const;
const GIVEN = ['建国', '丽华', '志强', '秀英', '海涛', '雪梅', '立新', '春燕', '明哲', '晓东'] as const;
const GIVEN_LATIN = [
  'Jianguo',
  'Lihua',
  'Zhiqiang',
  'Xiuying',
  'Haitao',
  'Xuemei',
  'Lixin',
  'Chunyan',
  'Mingzhe',
  'Xiaodong',
] as const;
const SPECIALTIES = ['市政工程', '建筑工程', '园林绿化', '工程造价', '给排水工程'] as const;
const DISTRICTS = ['崂山区', '市南区', '市北区', '黄岛区', '城阳区', '李沧区'] as const;

/** The lists are not empty. */
function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('an empty list of demo names');
  return item;
}
const person = (index: number): { zh: string; en: string } => ({
  zh: `${pick(SURNAMES, index)}${pick(GIVEN, index * 3 + Math.floor(index / 10))}`,
  en: `${pick(GIVEN_LATIN, index * 3 + Math.floor(index / 10))} ${pick(LATIN, index)}`,
});

const offices: readonly DemoOrganization[] = [
  {
    key: 'operator',
    name: '青岛青e见平台运营中心（演示）',
    uscc: uscc('12', 1),
    roles: ['operator'],
    address: '青岛市崂山区演示路1号',
  },
  {
    key: 'tenderee',
    name: '青岛崂山城市建设发展有限公司',
    uscc: uscc('91', 2),
    roles: ['tenderee'],
    address: '青岛市崂山区海口路2号',
  },
  {
    key: 'agency',
    name: '青岛海诚招标代理有限公司',
    uscc: uscc('91', 3),
    roles: ['agency'],
    address: '青岛市市南区香港中路3号',
  },
  {
    key: 'agency-2',
    name: '山东正衡项目管理有限公司',
    uscc: uscc('91', 4),
    roles: ['agency', 'tenderee'],
    address: '青岛市市北区敦化路4号',
  },
  {
    key: 'witness',
    name: '青岛市公共资源交易见证中心（演示）',
    uscc: uscc('12', 5),
    roles: ['witness'],
    address: '青岛市市南区福州南路5号',
  },
  {
    key: 'supervisor',
    name: '青岛市招标投标行政监督处（演示）',
    uscc: uscc('11', 6),
    roles: ['supervisor'],
    address: '青岛市市南区闽江路6号',
  },
  {
    key: 'bank',
    name: '青岛黄海示范银行股份有限公司',
    uscc: uscc('91', 7),
    roles: ['guarantor'],
    address: '青岛市市南区山东路7号',
  },
  {
    key: 'expert-pool',
    name: '青岛市综合评标专家库（演示）',
    uscc: uscc('12', 8),
    roles: ['expert'],
    address: '青岛市市南区福州南路8号',
  },
];

export const demoOrganizations: readonly DemoOrganization[] = [
  ...offices,
  ...BIDDER_NAMES.map((name, i) => ({
    key: `bidder-${i + 1}`,
    name,
    uscc: uscc('91', 101 + i),
    roles: ['bidder'] as const,
    address: `青岛市${pick(DISTRICTS, i)}工业大道${i + 11}号`,
    grade: pick(GRADES, i),
  })),
];

const staff: readonly DemoUser[] = [
  { key: 'operator', name: { zh: '钱运营', en: 'Operator Qian' }, organization: 'operator', role: 'operator' },
  { key: 'tenderee', name: { zh: '孙业主', en: 'Tenderee Sun' }, organization: 'tenderee', role: 'tenderee' },
  { key: 'agency', name: { zh: '李代理', en: 'Agent Li' }, organization: 'agency', role: 'agency' },
  { key: 'agency-2', name: { zh: '周正衡', en: 'Agent Zhou' }, organization: 'agency-2', role: 'agency' },
  { key: 'witness', name: { zh: '吴见证', en: 'Witness Wu' }, organization: 'witness', role: 'witness' },
  { key: 'supervisor', name: { zh: '郑监督', en: 'Supervisor Zheng' }, organization: 'supervisor', role: 'supervisor' },
  { key: 'bank-clerk', name: { zh: '王柜员', en: 'Clerk Wang' }, organization: 'bank', role: 'guarantor' },
];

const EXPERTS = 30;
const expert = (i: number): DemoUser => {
  const specialty = pick(SPECIALTIES, i);
  return {
    key: `expert-${i + 1}`,
    name: person(i),
    organization: 'expert-pool',
    role: 'expert',
    expert: {
      kind: specialty === '工程造价' ? 'economic' : 'technical',
      specialty,
      region: pick(DISTRICTS, i),
      employer: `青岛市第${i + 1}工程咨询院（演示）`,
      employerUscc: uscc('91', 501 + i),
    },
  };
};

export const demoUsers: readonly DemoUser[] = [
  ...staff,
  ...BIDDER_NAMES.map((_, i) => ({
    key: `bidder-${i + 1}`,
    name: person(i + 40),
    organization: `bidder-${i + 1}`,
    role: 'bidder' as const,
  })),
  ...Array.from({ length: EXPERTS }, (_, i) => expert(i)),
];
