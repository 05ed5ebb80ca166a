/** A report as one page that needs nothing else: no network, and no JavaScript either. */
import { entryText } from '../bench/mapping-table.ts';
import { assertReport } from './check-report.ts';
import type { Report } from '../run/result.ts';
import { checkHtml } from './html-check.ts';
import { HTML_SCRIPT, HTML_SCRIPT_HASH } from './html-script.ts';
import { HTML_STYLE, HTML_STYLE_HASH } from './html-style.ts';
import {
  type AreaOutcomes,
  capitalized,
  counted,
  countStandings,
  deviceText,
  headline,
  notes,
  objections,
  outcomesByArea,
  outcomesOf,
  type RunFinding,
  runFindings,
  runText,
  type SettledOutcome,
  type Standing,
  STANDINGS,
  wordFor,
} from './outcome.ts';
import { escapeMarkup, oneLine } from './visible.ts';

/**
 * What the gateway sent is hostile until shown otherwise: everything is escaped, and by its policy the page runs and
 * loads nothing but what was written here.
 */
const POLICY = [
  "default-src 'none'",
  `style-src '${HTML_STYLE_HASH}'`,
  `script-src '${HTML_SCRIPT_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The report for a browser: the verdict on top, then every check by area, failures opened with what went over the wire. */
export function reportHtml(report: Report): string {
  assertReport(report);
  const outcomes = outcomesOf(report);
  const areas = outcomesByArea(outcomes);
  const counts = countStandings(outcomes);
  const verdict = report.isGood ? 'Passed' : 'Not passed';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdict}: ${line(report.location)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<header class="top ${report.isGood ? 'good' : 'bad'}"><div class="wrap">
<p class="eyebrow">Portwright gateway conformance report</p>
${verdictHtml(report, counts, outcomes.length)}
${barHtml(counts, outcomes.length)}
${countsHtml(counts)}
${factsHtml(report, outcomes)}
</div></header>
${toolsHtml(counts)}
<main class="wrap">
${areas.map(areaHtml).join('\n')}
<p class="empty" hidden>Nothing fits these filters. <button type="button">Show everything</button></p>
</main>
<footer><div class="wrap">Checked by Portwright’s conformance suite. Control characters are shown as escapes, like <code>\\x1b</code>.</div></footer>
<script>${HTML_SCRIPT}</script>
</body>
</html>
`;
}

type Counts = Readonly<Record<Standing, number>>;

function line(text: string): string {
  return escapeMarkup(oneLine(text));
}

function verdictHtml(report: Report, counts: Counts, total: number): string {
  const { isGood } = report;
  const doubts = [
    ...(counts.warned > 0 ? [`${counts.warned} ${wordFor('warned', counts.warned)}`] : []),
    ...(counts['known-failure'] > 0
      ? [`${counts['known-failure']} ${wordFor('known-failure', counts['known-failure'])}`]
      : []),
    ...(counts.inconclusive > 0 ? [`${counts.inconclusive} inconclusive`] : []),
    ...(report.uncompared === 'unreadable' ? ['the mapping table could not be compared'] : []),
  ];
  const found = total - counts.skipped;
  const reasons = isGood ? [`no failure in ${counted(found, 'check')}`, ...doubts] : objections(report);
  const why = `${reasons.join(', ')}.`;
  return `<div class="verdict"><div class="sign" aria-hidden="true">${isGood ? '✓' : '✗'}</div><div>
<h1>${headline(report)}</h1>
<p class="why">${line(capitalized(why))}</p>
</div></div>`;
}

/** Its parts are attributes, since the page's policy takes no styles of elements. */
function barHtml(counts: Counts, total: number): string {
  if (total === 0) return '';
  let x = 0;
  const parts = STANDINGS.map((standing) => {
    const width = (counts[standing] / total) * 100;
    const part = `<rect class="${standing}" x="${x.toFixed(3)}" y="0" width="${width.toFixed(3)}" height="1"/>`;
    x += width;
    return width === 0 ? '' : part;
  });
  return `<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${parts.join('')}</svg>`;
}

function countsHtml(counts: Counts): string {
  const items = STANDINGS.filter((standing) => counts[standing] > 0).map(
    (standing) => `<li class="${standing}"><b>${counts[standing]}</b> ${wordFor(standing, counts[standing])}</li>`,
  );
  return `<ul class="counts">${items.join('')}</ul>`;
}

/** What a reader comes for. */
const FAILURES: readonly Standing[] = ['failed', 'unexpected-pass'];

function factsHtml(report: Report, outcomes: readonly SettledOutcome[]): string {
  const failed = outcomes.filter(({ standing }) => FAILURES.includes(standing));
  const again = report.results.length - outcomes.length;
  const others = outcomes.filter(({ other }) => other !== null).length;
  const links = failed.map(({ key }) => `<li><a href="#${line(key)}">${line(key)}</a></li>`).join('');
  const swept = report.swept.length === 0 ? '' : fact('Cleaned up before the run', list(report.swept.map(entryText)));
  return `<dl class="facts">
${fact('Gateway', `${line(deviceText(report))} <code>${line(report.location)}</code>`)}
${fact('Run', line(runText(report)))}
${failed.length === 0 ? '' : fact('Failed checks', `<ul class="links">${links}</ul>`)}
${runFindings(report).map(findingHtml).join('\n')}
${again === 0 ? '' : fact('Checked again', `${counted(again, 'read')} after the writes, ${others === 0 ? 'with the same outcome' : `${others} of them with another outcome`}`)}
${swept}
${notes(report).length === 0 ? '' : fact('Note', list(notes(report)))}
</dl>`;
}

const FINDINGS: Readonly<Record<RunFinding['id'], readonly [name: string, good: string, bad: string]>> = {
  'run/table': ['Mapping table', 'Unchanged', 'Changed by the run'],
  'run/leftovers': ['Left on the gateway', 'Nothing', 'The run could not remove everything'],
  'run/complete': ['Completeness', 'Complete', 'Incomplete'],
};

function findingHtml({ id, standing, details }: RunFinding): string {
  const [name, good, bad] = FINDINGS[id];
  switch (standing) {
    case 'passed':
      return fact(name, good);
    case 'skipped':
      return fact(name, `Not compared: ${line(details.join('; '))}`);
    case 'failed':
      return fact(name, `<span class="not-so">${bad}</span>${list(details)}`);
  }
}

function fact(name: string, html: string): string {
  return `<dt>${name}</dt><dd>${html}</dd>`;
}

function list(texts: readonly string[]): string {
  return `<ul>${texts.map((text) => `<li>${line(text)}</li>`).join('')}</ul>`;
}

/** Hidden until the script is there that it needs. */
function toolsHtml(counts: Counts): string {
  const buttons = STANDINGS.filter((standing) => counts[standing] > 0).map(
    (standing) =>
      `<button type="button" data-standing="${standing}" aria-pressed="false">${capitalized(wordFor(standing, counts[standing]))} ${counts[standing]}</button>`,
  );
  return `<form class="tools" role="search" aria-label="Filter the checks" hidden><div class="wrap">
<div class="group" role="group" aria-label="By verdict">${buttons.join('')}</div>
<div class="group"><input type="search" placeholder="Find by id, sentence or clause" aria-label="Find by id, sentence or clause" autocomplete="off" spellcheck="false">
<select aria-label="By level"><option value="">Any level</option><option value="must">Must</option><option value="should">Should</option><option value="may">May</option><option value="own">Rules of this suite</option></select>
<output aria-live="polite"></output></div>
</div></form>`;
}

function areaHtml({ area, title, outcomes }: AreaOutcomes): string {
  const { passed, skipped } = countStandings(outcomes);
  const asked = outcomes.length - skipped;
  const tally = asked === 0 ? 'not applicable to this gateway or run' : `${passed} of ${asked} passed`;
  return `<section aria-labelledby="area-${area}">
<h2 id="area-${area}">${title} <span>${tally}</span></h2>
<div class="list">
${worstFirst(outcomes).map(checkHtml).join('\n')}
</div>
</section>`;
}

function worstFirst(outcomes: readonly SettledOutcome[]): readonly SettledOutcome[] {
  return STANDINGS.flatMap((standing) => outcomes.filter((outcome) => outcome.standing === standing));
}
