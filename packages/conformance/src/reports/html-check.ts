/** One check on the page of a report. */
import { LEVELS } from './detail.ts';
import { capitalized, counted, type Outcome, type SettledOutcome, whenOf, wordFor } from './outcome.ts';
import { escapeMarkup, oneLine } from './visible.ts';
import { type WireExchange, wireExchanges, type WireLimits, type WireMessage } from './wire-text.ts';

const LIMITS: WireLimits = { exchanges: 40, body: 16_000 };

/** Closed where nothing is wrong. The id is what a link leads to. */
export function checkHtml(outcome: SettledOutcome): string {
  const { result, standing, key, other } = outcome;
  const { sentence, clause, level } = result.requirement;
  const find = `${key} ${sentence} ${clause}`.toLowerCase();
  const isOpen = standing === 'failed' || standing === 'unexpected-pass';
  const when = other === null ? '' : ` <span class="note">(${whenOf(outcome)})</span>`;
  return `<details class="check ${standing}" id="${line(key)}" data-standing="${standing}" data-level="${level}" data-find="${line(find)}"${isOpen ? ' open' : ''}>
<summary><span class="badge ${standing}">${capitalized(wordFor(standing))}</span><span class="what">${line(sentence)}${when}<code>${line(key)}</code></span></summary>
<div class="body"><dl>${evidenceFacts(outcome)}${facts(outcome)}</dl>${wireHtml(outcome)}${other === null ? '' : otherHtml(other)}</div>
</details>`;
}

function facts({ result, key }: Outcome): string {
  const { requirement, known, durationMs } = result;
  const about = `${LEVELS[requirement.level]}, ${requirement.kind}, ${Math.round(durationMs)} ms`;
  return [
    ...(known === null ? [] : [fact('Known', line(`${known.reason} (${known.clause})`))]),
    fact('Clause', line(requirement.clause)),
    fact('Level', `${line(about)} · <a href="#${line(key)}">link</a>`),
  ].join('');
}

function evidenceFacts({ standing, evidence, remark }: Outcome): string {
  return [
    ...(evidence === null
      ? []
      : [fact('Expected', line(evidence.expected)), fact('Actual', line(evidence.actual), 'actual')]),
    ...(standing === 'unexpected-pass' ? [fact('Actual', line(remark), 'actual')] : []),
  ].join('');
}

/** What came of it the other time. */
function otherHtml(other: Outcome): string {
  const title = `${capitalized(whenOf(other))}: ${wordFor(other.standing)}`;
  return `<h3>${title}</h3><dl>${evidenceFacts(other)}</dl>${wireHtml(other)}`;
}

function fact(name: string, html: string, className = ''): string {
  return `<dt>${name}</dt><dd${className === '' ? '' : ` class="${className}"`}>${html}</dd>`;
}

function wireHtml({ evidence }: Outcome): string {
  const records = evidence?.exchanges ?? [];
  if (records.length === 0) return '';
  const { left, exchanges } = wireExchanges(records, LIMITS);
  const note = left === 0 ? '' : `<p class="note">${counted(left, 'earlier exchange')} not shown.</p>`;
  // After the telling one stands what takes back what the check has made.
  const opened = exchanges.findLast(({ isRefused }) => isRefused) ?? exchanges.at(-1);
  const items = exchanges.map((exchange) => exchangeHtml(exchange, exchange === opened));
  return `<h3>On the wire</h3>${note}${items.join('')}`;
}

function exchangeHtml({ afterMs, summary, messages }: WireExchange, isOpen: boolean): string {
  return `<details class="wire"${isOpen ? ' open' : ''}><summary>${escapeMarkup(summary)} <span>+${afterMs} ms</span></summary>${messages.map(messageHtml).join('')}</details>`;
}

const WAYS: Readonly<Record<WireMessage['direction'], string>> = {
  sent: 'sent',
  received: 'received',
  none: 'no answer',
};

/** What is long scrolls by itself, and has to be reached with the keys then. */
function messageHtml({ direction, lines }: WireMessage): string {
  const [start = '', ...rest] = lines.map(escapeMarkup);
  const focus = lines.join('\n').length > 1_500 || lines.length > 20 ? ' tabindex="0"' : '';
  const text = [`<span class="start">${start}</span>`, ...rest].join('\n');
  return `<p class="way">${WAYS[direction]}</p><pre${focus}>${text}</pre>`;
}

function line(text: string): string {
  return escapeMarkup(oneLine(text));
}
