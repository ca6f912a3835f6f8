import { createHash } from 'node:crypto';
import { DomainError, instant } from '@qej/kernel';
import { heading, paragraph, title } from './layout/blocks.ts';
import { finish } from './layout/finish.ts';
import { CONTENT_WIDTH, ensureRoom, type Flow, newPage, PAGE, type Picture, put, startFlow } from './layout/flow.ts';

/** A bid volume for trying the platform. */
export interface DemoBidFile {
  readonly title: string;
  /** Left out of a blind volume. */
  readonly bidder?: string;
  /** Size of the file, 0.1 to 200. */
  readonly megabytes: number;
  /** The same seed gives the same bytes. */
  readonly seed: string;
}

const CHAPTERS = [
  ['施工总体部署', 'General plan'],
  ['重点难点分析及对策', 'Key difficulties'],
  ['交通疏解方案', 'Traffic during works'],
  ['质量保证措施', 'Quality'],
  ['安全文明施工', 'Safety'],
  ['进度计划及保证措施', 'Programme'],
  ['资源投入计划', 'Resources'],
  ['智慧工地与信息化', 'Digital site'],
] as const;

const SENTENCES = [
  '本工程按“先地下、后地上，先主线、后匝道”的次序组织施工，关键线路为主线桥梁下部结构。',
  '混凝土采用商品混凝土，坍落度、含气量和入模温度逐车检验，不合格的一律退场。',
  '夜间施工设置不低于 30 lx 的照明和爆闪警示，占道围挡距作业面不小于 1.5 m。',
  '项目部设专职安全员 6 名，危险性较大的分部分项工程编制专项方案并组织专家论证。',
  '测量控制网每季度复测一次，沉降观测点按 50 m 间距布设，数据实时上传监测平台。',
  '雨季施工配备排水泵 12 台，基坑周边设截水沟，坑内设集水井，确保 2 小时内排干。',
] as const;

/** xorshift32: fast and the same everywhere; not for secrets. */
function generator(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32BE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Looks like the photograph of a site plan and does not compress: a soft gradient, ruled lines and grain. */
function picture(columns: number, rows: number, random: () => number): Picture {
  const rgb = new Uint8ClampedArray(columns * rows * 3);
  const [red, green, blue] = [120 + random() * 60, 140 + random() * 60, 150 + random() * 60];
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at += 3) {
      const line =
        row % 48 === 0 || column % 64 === 0 || Math.abs(row - rows / 2 - 40 * Math.sin(column / 60)) < 5 ? -60 : 0;
      const grain = random() * 32;
      const light = (row / rows) * 40 + grain + line;
      rgb[at] = red + light;
      rgb[at + 1] = green + light;
      rgb[at + 2] = blue + light - grain * 0.5;
    }
  }
  return { columns, rows, rgb: new Uint8Array(rgb.buffer) };
}

function chapter(flow: Flow, number: number, random: () => number): void {
  const [zh, en] = CHAPTERS[number % CHAPTERS.length] ?? CHAPTERS[0];
  heading(flow, `第 ${number + 1} 章　${zh}`, en);
  for (let index = 0; index < 4; index++) {
    const sentences = Array.from({ length: 4 }, () => SENTENCES[Math.floor(random() * SENTENCES.length)] ?? '');
    paragraph(flow, sentences.join(''), { indent: true });
  }
}

/**
 * A real PDF of many pages with text and pictures, within 3 % of the asked size (small ones are bounded below by the fonts).
 * @throws DomainError `E_CONTENT` for a size out of range; `E_GLYPH_MISSING`
 */
export async function makeDemoBidFile({ title: name, bidder, megabytes, seed }: DemoBidFile): Promise<Uint8Array> {
  if (!(megabytes >= 0.1 && megabytes <= 200))
    throw new DomainError('E_CONTENT', { detail: 'size must be 0.1 to 200 MB' });
  const random = generator(seed);
  const frame = {
    code: `DEMO-${createHash('sha256').update(seed).digest('hex').slice(0, 8)}`,
    platform: '演示投标文件 Demo bid',
    issuedAt: instant(Date.UTC(2026, 0, 1)),
    dataHash: createHash('sha256').update(`${seed}/${name}`).digest('hex'),
  };
  const flow = startFlow(frame, { zh: '投标文件', en: 'Bid' }, { demo: true });
  title(flow, bidder === undefined ? name : `${name}\n${bidder}`);
  const wanted = Math.max(0, megabytes * 1_000_000 - 70_000);
  const count = Math.max(1, Math.ceil(wanted / 1_500_000));
  const columns = 900;
  const rows = Math.max(1, Math.round(wanted / count / (columns * 3)));
  for (let index = 0; index < count; index++) {
    chapter(flow, index, random);
    const height = Math.min(420, (CONTENT_WIDTH * rows) / columns);
    ensureRoom(flow, height + 20);
    flow.y -= height + 10;
    put(flow, {
      kind: 'image',
      x: PAGE.left,
      y: flow.y,
      width: CONTENT_WIDTH,
      height,
      picture: picture(columns, rows, random),
    });
    paragraph(flow, `图 ${index + 1}　施工平面布置示意`, { size: 8.5 });
    if (index < count - 1) newPage(flow);
  }
  return finish(flow);
}
