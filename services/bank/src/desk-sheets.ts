import { formatInstant, instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { GuaranteeState, GuaranteeSubject } from '@qej/guarantees';
import type { OrderRow } from './bank-database.ts';
import { both, html } from './html.ts';
import type { Markup } from './html.ts';
import { applicationOf } from './underwriting.ts';

const words: Readonly<Partial<Record<GuaranteeState, readonly [string, string]>>> = {
  submitted: ['已收到', 'received'],
  underwriting: ['待审批', 'to be decided'],
  quoted: ['待付保费', 'premium due'],
  'premium-pending': ['待付保费', 'premium due'],
  'premium-paid': ['保费已付', 'premium paid'],
  issuing: ['出函中', 'issuing'],
  issued: ['已出函（密文）', 'issued, sealed'],
  revealed: ['已揭示', 'revealed'],
  released: ['已解除', 'released'],
  rejected: ['未通过', 'refused'],
  cancelled: ['已撤销', 'cancelled'],
  expired: ['已到期', 'expired'],
};
const stateWords = (state: GuaranteeState): Markup => {
  const [zh, en] = words[state] ?? [state, state];
  return both(zh, en);
};

const ZONE = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'medium' });
const when = (ms: number): Markup =>
  html`<time datetime="${formatInstant(instant(ms))}">${ZONE.format(instant(ms))}</time>`;
const thousands = (amount: string): string => amount.replace(/\B(?=(\d{3})+(?=\.))/g, ',');

function age(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return minutes < 60 ? `${minutes} 分钟 min` : `${Math.floor(minutes / 60)} 小时 h ${minutes % 60} 分钟 min`;
}

/** Oldest first. */
export const queue = (rows: readonly OrderRow[], now: Instant): Markup =>
  html` <h1>${both('待办申请', 'Applications to decide')}</h1>
    <div class="card">
      ${
        rows.length === 0
          ? html`<p class="empty">目前没有待审批的申请。 Nothing to decide at present.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">${both('申请人', 'Applicant')}</th>
                  <th scope="col" class="number">${both('金额（元）', 'Amount, CNY')}</th>
                  <th scope="col">${both('收到', 'Received')}</th>
                  <th scope="col">${both('已等待', 'Waiting')}</th>
                  <th scope="col">${both('办理', 'Open')}</th>
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  (row) =>
                    html`<tr>
                      <td>${row.applicant}</td>
                      <td class="number">${thousands(row.amount)}</td>
                      <td>${when(row.received_at)}</td>
                      <td>${age(now - row.received_at)}</td>
                      <td>
                        <a href="/desk/orders/${row.id}"
                          >审阅 <span class="en" lang="en">review ${row.applicant}</span></a
                        >
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
    </div>`;

export const issuedList = (rows: readonly OrderRow[]): Markup =>
  html` <h1>${both('已出保函', 'Issued guarantees')}</h1>
    <div class="card">
      ${
        rows.length === 0
          ? html`<p class="empty">还没有出具保函。 None issued yet.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">${both('编号', 'Number')}</th>
                  <th scope="col">${both('申请人', 'Applicant')}</th>
                  <th scope="col" class="number">${both('金额（元）', 'Amount, CNY')}</th>
                  <th scope="col">${both('状态', 'State')}</th>
                  <th scope="col">${both('更新', 'Changed')}</th>
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  (row) =>
                    html`<tr>
                      <td><a href="/desk/orders/${row.id}">${row.number ?? row.id}</a></td>
                      <td>${row.applicant}</td>
                      <td class="number">${thousands(row.amount)}</td>
                      <td>${stateWords(row.state)}</td>
                      <td>${when(row.changed_at)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
    </div>`;

const entry = (zh: string, en: string, value: Markup | string): Markup =>
  html`<dt>${both(zh, en)}</dt>
    <dd>${value}</dd>`;

function subjectOf(row: OrderRow): Markup {
  if (row.subject === null)
    return html`${both('密文保函：项目和受益人开标后揭示', 'Sealed: tender and beneficiary are revealed after the opening')}`;
  const subject = JSON.parse(row.subject) as GuaranteeSubject; // read by its format on receipt
  return html`${subject.tenderCode} ${subject.tenderName} · ${subject.lotName} · ${subject.beneficiary.name}`;
}

const decision = (row: OrderRow, csrf: string): Markup =>
  html` <h2>${both('审批', 'Decision')}</h2>
    <div class="decide">
      <form class="card" method="post" action="/desk/orders/${row.id}/approve">
        <input type="hidden" name="csrf" value="${csrf}" />
        <p>${both('同意承保，按费率报价并密封送达申请人。', 'Underwrite; the offer goes sealed to the applicant.')}</p>
        <button type="submit">同意 Approve</button>
      </form>
      <form class="card" method="post" action="/desk/orders/${row.id}/refuse">
        <input type="hidden" name="csrf" value="${csrf}" />
        <label for="reason">${both('不同意的理由', 'Reason for the refusal')}</label>
        <textarea
          id="reason"
          name="reason"
          rows="3"
          maxlength="160"
          required
          minlength="4"
          aria-describedby="told"
        ></textarea>
        <p id="told" class="en">
          理由经平台告知申请人，请勿写项目或金额。 The platform can read it: name no tender and no sum.
        </p>
        <button type="submit" class="danger">不同意 Refuse</button>
      </form>
    </div>`;

/** One application as one sheet. */
export function sheet(row: OrderRow, csrf: string): Markup {
  const application = row.application === null ? undefined : applicationOf(row);
  return html`
    <h1>${both('保函申请', 'Application')} · ${row.applicant === '' ? row.id : row.applicant}</h1>
    <div class="card">
      <dl>
        ${entry('状态', 'State', stateWords(row.state))} ${entry('收到', 'Received', when(row.received_at))}
        ${
          application === undefined
            ? html``
            : html`${entry('申请人', 'Applicant', `${application.applicant.name} ${application.applicant.uscc}`)}
              ${entry('地址', 'Address', row.address)} ${entry('担保金额', 'Amount', `¥ ${thousands(row.amount)}`)}
              ${entry('有效期至', 'Valid until', when(Date.parse(application.validTo)))}
              ${entry('项目和受益人', 'Tender and beneficiary', subjectOf(row))}
              ${entry('承诺值', 'Commitment', application.commitment)}
              ${entry('文本', 'Form', '投标保函（独立保函） independent bid guarantee')}
              ${entry('申请签名', 'Signature', '申请人证书签名已核验 verified with the applicant’s certificate')}`
        }
        ${row.premium === null ? html`` : entry('保费', 'Premium', `¥ ${row.premium}`)}
        ${row.decided_by === null ? html`` : entry('审批', 'Decided by', row.decided_by)}
        ${row.number === null ? html`` : entry('保函编号', 'Number', row.number)}
        ${row.reason === null ? html`` : entry('说明', 'Note', row.reason)}
      </dl>
    </div>
    ${row.state === 'underwriting' ? decision(row, csrf) : undefined}
    ${
      row.certificate === null
        ? undefined
        : html`<h2>${both('保函凭证', 'Certificate')}</h2>
            <p>
              <a class="button" href="/desk/orders/${row.id}/certificate.pdf">查看凭证 View the certificate (PDF)</a>
              ${row.restored === null ? undefined : html`<a class="button" href="/desk/orders/${row.id}/restored.pdf">揭示后凭证 Restored certificate (PDF)</a>`}
            </p>`
    }
  `;
}

export const logInForm = (message: string | undefined): Markup =>
  html` <div class="card narrow">
    <h1>${both('柜员登录', 'Clerk log-in')}</h1>
    ${message === undefined ? undefined : html`<p class="note wrong" role="alert">${message}</p>`}
    <form method="post" action="/desk/log-in">
      <label for="username">${both('用户名', 'User name')}</label>
      <input id="username" name="username" required autocomplete="username" />
      <label for="password">${both('口令', 'Password')}</label>
      <input id="password" name="password" type="password" required autocomplete="current-password" />
      <label for="code">${both('动态口令', 'One-time code')}</label>
      <input
        id="code"
        name="code"
        required
        inputmode="numeric"
        pattern="[0-9]{6}"
        maxlength="6"
        autocomplete="one-time-code"
      />
      <button type="submit">登录 Log in</button>
    </form>
  </div>`;

export const navigation = (csrf: string, at: 'queue' | 'issued' | 'none'): Markup =>
  html` <nav aria-label="柜面 Desk">
    <a href="/desk" ${at === 'queue' ? html`aria-current="page"` : undefined}>待办 To decide</a>
    <a href="/desk/issued" ${at === 'issued' ? html`aria-current="page"` : undefined}>已出保函 Issued</a>
    <form method="post" action="/desk/log-out">
      <input type="hidden" name="csrf" value="${csrf}" /><button type="submit">退出 Log out</button>
    </form>
  </nav>`;
