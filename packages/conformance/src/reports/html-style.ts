/** How the page of a report looks: system fonts, light and dark, a phone, and paper. */
export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f8; --card: #ffffff; --text: #1d2228; --muted: #545c66; --line: #d9dde2; --code: #f3f4f6; --link: #0a58ca;
  --good: #176b33; --good-tint: #e4f4e9; --bad: #a8231a; --bad-tint: #fdeae8; --warn: #7a5200; --warn-tint: #fcf1d3;
  --doubt: #5440b0; --doubt-tint: #eeebfb; --plain-tint: #eceef1;
  --good-fill: #2f9e57; --bad-fill: #d5483d; --warn-fill: #d9a11e; --doubt-fill: #8c7be0; --plain-fill: #aeb5be;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121519; --card: #1a1e24; --text: #e5e8ec; --muted: #a3abb6; --line: #323943; --code: #12161b; --link: #8ab8ff;
    --good: #7ad699; --good-tint: #15301f; --bad: #ff9f96; --bad-tint: #3c1a18; --warn: #f0c66f; --warn-tint: #342a10;
    --doubt: #beb3ff; --doubt-tint: #28233f; --plain-tint: #2a3038;
    --good-fill: #3fae67; --bad-fill: #e0594e; --warn-fill: #d9a638; --doubt-fill: #8f80e0; --plain-fill: #5c6672;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 7.5rem; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.wrap { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }

.top { background: var(--card); border-bottom: 1px solid var(--line); padding: 2rem 0 1.75rem; }
.eyebrow { margin: 0 0 .75rem; color: var(--muted); font-size: .875rem; letter-spacing: .02em; }
.verdict { display: flex; gap: 1rem; align-items: center; }
.sign {
  flex: none; width: 3.5rem; height: 3.5rem; border-radius: 50%; display: grid; place-items: center;
  font-size: 1.75rem; font-weight: 700; line-height: 1;
}
.good .sign { background: var(--good-tint); color: var(--good); }
.bad .sign { background: var(--bad-tint); color: var(--bad); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
.good h1 { color: var(--good); }
.bad h1 { color: var(--bad); }
.why { margin: .25rem 0 0; color: var(--text); overflow-wrap: anywhere; }
.bar { display: block; width: 100%; height: .625rem; margin: 1.5rem 0 .875rem; border-radius: 999px; overflow: hidden; background: var(--plain-tint); }
.bar .failed, .bar .unexpected-pass { fill: var(--bad-fill); }
.bar .inconclusive { fill: var(--doubt-fill); }
.bar .warned, .bar .known-failure { fill: var(--warn-fill); }
.bar .passed { fill: var(--good-fill); }
.bar .skipped { fill: var(--plain-fill); }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; padding: 0; list-style: none; font-size: .9375rem; }
.counts li { display: flex; align-items: baseline; gap: .375rem; color: var(--muted); }
.counts li::before { content: ""; width: .625rem; height: .625rem; border-radius: 3px; background: var(--plain-fill); }
.counts .failed::before, .counts .unexpected-pass::before { background: var(--bad-fill); }
.counts .inconclusive::before { background: var(--doubt-fill); }
.counts .warned::before, .counts .known-failure::before { background: var(--warn-fill); }
.counts .passed::before { background: var(--good-fill); }
.counts b { color: var(--text); font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1.25rem; margin: 1.5rem 0 0; font-size: .9375rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.facts .not-so { color: var(--bad); font-weight: 600; }
.facts ul { margin: .25rem 0 0; padding-left: 1.125rem; }
.facts .links { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .125rem 1rem; font: .8125rem/1.6 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; }

.tools { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line); padding: .75rem 0; }
.tools .wrap { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; }
.tools .group { display: flex; flex: 1 0 100%; flex-wrap: wrap; gap: .375rem .5rem; align-items: center; }
.tools ::placeholder { color: var(--muted); opacity: 1; }
.tools button, .tools input, .tools select {
  font: inherit; font-size: .875rem; line-height: 1.25; min-height: 2.125rem; padding: .3125rem .75rem; color: var(--text);
  background: var(--card); border: 1px solid var(--line); border-radius: 999px;
}
.tools button { cursor: pointer; }
.tools button:hover { border-color: var(--muted); }
.tools button[aria-pressed="true"] { background: var(--text); border-color: var(--text); color: var(--page); }
.tools input { flex: 1 1 12rem; min-width: 0; max-width: 28rem; border-radius: .5rem; }
.tools select { border-radius: .5rem; padding-right: .5rem; }
.tools output { color: var(--muted); font-size: .875rem; font-variant-numeric: tabular-nums; }

main { padding-bottom: 4rem; }
section { margin-top: 2.25rem; }
h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; margin: 0 0 .75rem; font-size: 1.125rem; letter-spacing: -.005em; }
h2 span { color: var(--muted); font-size: .875rem; font-weight: 400; }
.list { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow: clip; }
.check + .check { border-top: 1px solid var(--line); }
[hidden] { display: none !important; }
.check > summary {
  display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: .125rem 1rem; align-items: baseline;
  padding: .625rem 1.125rem; cursor: pointer; list-style: none;
}
.check > summary::-webkit-details-marker { display: none; }
.check > summary:hover { background: var(--code); }
.check > summary:focus-visible { outline-offset: -3px; }
.badge {
  justify-self: start; padding: .0625rem .5625rem; border-radius: 999px; font-size: .8125rem; font-weight: 600;
  white-space: nowrap; background: var(--plain-tint); color: var(--muted);
}
.badge.passed { background: none; color: var(--good); padding-left: 0; font-weight: 500; }
.badge.skipped { background: none; padding-left: 0; font-weight: 500; }
.badge.failed, .badge.unexpected-pass { background: var(--bad-tint); color: var(--bad); }
.badge.inconclusive { background: var(--doubt-tint); color: var(--doubt); }
.badge.warned, .badge.known-failure { background: var(--warn-tint); color: var(--warn); }
.what { min-width: 0; overflow-wrap: anywhere; }
.what .note { margin: 0; }
.what code { display: block; color: var(--muted); font-size: .8125rem; }
.check:target { box-shadow: inset 4px 0 var(--link); }
.body { padding: .25rem 1.125rem 1.25rem calc(9rem + 2.125rem); }
.body dl { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .375rem .75rem; margin: 0; font-size: .9375rem; }
.body dt { color: var(--muted); }
.body dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.body .actual { font-weight: 600; }
.failed .actual { color: var(--bad); }
.body h3 { margin: 1.25rem 0 .5rem; font-size: .875rem; font-weight: 600; }
.note { margin: .5rem 0; color: var(--muted); font-size: .875rem; }
.wire { border: 1px solid var(--line); border-radius: .5rem; background: var(--code); overflow: clip; }
.wire + .wire { margin-top: .5rem; }
.wire summary { padding: .375rem .75rem; cursor: pointer; font: .8125rem/1.5 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.wire summary span { color: var(--muted); }
.wire .way { margin: 0; padding: .375rem .75rem 0; border-top: 1px solid var(--line); color: var(--muted); font-size: .75rem; letter-spacing: .02em; }
.wire pre { margin: 0; padding: .125rem .75rem .625rem; max-height: 26rem; overflow: auto; font-size: .8125rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.wire .start { font-weight: 600; }
.empty { margin: 2.5rem 0; color: var(--muted); }
footer { border-top: 1px solid var(--line); padding: 1.25rem 0 2.5rem; color: var(--muted); font-size: .875rem; }

@media (max-width: 40rem) {
  html { scroll-padding-top: 1rem; }
  .wrap { padding: 0 .875rem; }
  .top { padding: 1.25rem 0; }
  .sign { width: 2.75rem; height: 2.75rem; font-size: 1.375rem; }
  .verdict { gap: .75rem; align-items: flex-start; }
  h1 { font-size: 1.375rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .5rem; }
  .tools { position: static; }
  .check > summary { grid-template-columns: minmax(0, 1fr); padding: .625rem .875rem; }
  .body { padding: .25rem .875rem 1rem; }
  .body dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .body dd { margin-bottom: .5rem; }
}
@media print {
  :root { --page: #ffffff; --code: #ffffff; }
  body { font-size: 10pt; }
  .tools, footer { display: none; }
  .top { padding-top: 0; }
  .wire pre { max-height: none; overflow: visible; }
  .check > summary, h2 { break-after: avoid; }
  .wrap { max-width: none; padding: 0; }
}
`;

/** Of the style as it stands, for the page's policy (CSP 3, 2.3.1); the tests compute it anew. */
export const HTML_STYLE_HASH = 'sha256-ANv+ye3vXjn63H68jWHFEZVIIzBIX10CY2MQwY0n06M=';
