/** What the page of a report can do with JavaScript: filters, and links that open what they lead to. Without it all is there. */
export const HTML_SCRIPT = `
'use strict';
const tools = document.querySelector('.tools');
const buttons = [...tools.querySelectorAll('button[data-standing]')];
const search = tools.querySelector('input');
const level = tools.querySelector('select');
const output = tools.querySelector('output');
const empty = document.querySelector('.empty');
const checks = [...document.querySelectorAll('.check')];

function filter() {
  const standings = buttons.filter((one) => one.getAttribute('aria-pressed') === 'true').map((one) => one.dataset.standing);
  const words = search.value.toLowerCase().split(' ').filter((word) => word !== '');
  let shown = 0;
  for (const check of checks) {
    const { standing, find } = check.dataset;
    const fits =
      (standings.length === 0 || standings.includes(standing)) &&
      (level.value === '' || check.dataset.level === level.value) &&
      words.every((word) => find.includes(word));
    check.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const section of document.querySelectorAll('main section')) section.hidden = section.querySelector('.check:not([hidden])') === null;
  output.value = shown === checks.length ? checks.length + ' checks' : shown + ' of ' + checks.length;
  empty.hidden = shown > 0;
}

function follow() {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch { return; }
  const check = document.getElementById(id);
  if (check === null || !check.classList.contains('check')) return;
  if (check.hidden) reset();
  check.open = true;
  check.scrollIntoView();
}

function reset() {
  for (const one of buttons) one.setAttribute('aria-pressed', 'false');
  search.value = '';
  level.value = '';
  filter();
}

for (const button of buttons) {
  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
    filter();
  });
}
search.addEventListener('input', filter);
level.addEventListener('change', filter);
tools.addEventListener('submit', (event) => { event.preventDefault(); });
document.querySelector('.empty button').addEventListener('click', () => { reset(); search.focus(); });
addEventListener('hashchange', follow);
tools.hidden = false;
filter();
follow();
`;

/** Of the script as it stands, for the page's policy (CSP 3, 2.3.1); the tests compute it anew. */
export const HTML_SCRIPT_HASH = 'sha256-ULligJZ6KrsPoYAyS3gag/65wvrSzSANC3DhctipWMw=';
