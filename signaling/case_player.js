// Plays what was recorded of a call in a bundle's page: all voices and pictures on one timeline, offline.
// Without this script every track still has the browser's own controls.
'use strict';

const LATE_S = 0.15; // further off than this, a track is put right
const clockOf = (ms) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, '0');
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};
const made = (name, properties) => Object.assign(document.createElement(name), properties);

function player(section) {
  const number = section.dataset.call;
  const tracks = [...section.querySelectorAll('audio,video')].map((media) => ({
    media,
    box: media.closest('figure'),
    from: Number(media.dataset.start),
    to: Number(media.dataset.end),
  }));
  const lines = [...document.querySelectorAll(`tr[data-call="${number}"]`)].map((row) => ({
    row,
    from: Number(row.dataset.start),
    to: Number(row.dataset.end),
  }));
  const first = Math.min(...tracks.map((track) => track.from));
  const last = Math.max(...tracks.map((track) => track.to));
  let at = first;
  let since = 0; // performance.now() at `at`; 0 while it stands
  let rate = 1;

  const play = made('button', { type: 'button' });
  const where = made('input', { type: 'range', min: first, max: last, step: 100 });
  where.setAttribute('aria-label', '時刻');
  const told = made('output');
  const speed = made('select');
  speed.setAttribute('aria-label', '速さ');
  for (const value of [1, 1.5, 2]) speed.append(made('option', { value, textContent: `${value}倍` }));
  const bar = made('div', { className: 'bar' });
  const now = made('p', { className: 'now' });
  bar.append(play, where, told, speed);
  section.querySelector('h3').after(bar);
  section.append(now);

  for (const { media, box } of tracks) {
    media.controls = false;
    if (media.tagName === 'AUDIO') {
      const heard = made('input', { type: 'checkbox', checked: true });
      heard.addEventListener('change', () => {
        media.muted = !heard.checked;
      });
      const label = made('label');
      label.append(heard, ` ${box.querySelector('figcaption').textContent}`);
      box.replaceChildren(media, label);
    }
  }

  const moment = () => (since ? Math.min(last, at + (performance.now() - since) * rate) : at);

  function show() {
    const ms = moment();
    if (since && ms >= last) stand(last);
    for (const { media, box, from, to } of tracks) {
      const isThere = ms >= from && ms < to;
      box.classList.toggle('off', !isThere);
      const wanted = Math.max(0, (ms - from) / 1000);
      if (isThere && Math.abs(media.currentTime - wanted) > LATE_S && !media.seeking) media.currentTime = wanted;
      if (isThere && since && media.paused) media.play().catch(() => {});
      if ((!isThere || !since) && !media.paused) media.pause();
      media.playbackRate = rate;
    }
    const said = [];
    for (const { row, from, to } of lines) {
      const isNow = ms >= from && ms < Math.max(to, from + 1000);
      row.classList.toggle('said', isNow);
      if (isNow) said.push(`${row.cells[1].textContent}：${row.cells[2].textContent}`);
    }
    now.textContent = said.join('　');
    where.value = ms;
    where.setAttribute('aria-valuetext', clockOf(ms));
    told.textContent = `${clockOf(ms)} / ${clockOf(last)}`;
    play.textContent = since ? '❚❚ 止める' : '▶ 再生';
    if (since) requestAnimationFrame(show);
  }

  function stand(ms) {
    at = ms;
    since = 0;
  }

  function go(ms) {
    for (const other of players) if (other !== halt) other();
    at = ms >= last ? first : Math.max(first, ms);
    const wasStill = !since;
    since = performance.now();
    if (wasStill) show();
  }

  function halt() {
    if (!since) return;
    stand(moment());
    show();
  }

  play.addEventListener('click', () => (since ? halt() : go(at)));
  where.addEventListener('input', () => {
    at = Number(where.value);
    if (since) since = performance.now();
    else show();
  });
  speed.addEventListener('change', () => {
    at = moment();
    if (since) since = performance.now();
    rate = Number(speed.value);
  });
  for (const { media } of tracks) media.addEventListener('loadedmetadata', () => since || show());
  for (const { row, from } of lines) {
    const button = made('button', { type: 'button', textContent: row.cells[0].textContent });
    button.title = 'ここから聞く';
    button.addEventListener('click', () => {
      section.scrollIntoView({ block: 'nearest' });
      go(from);
    });
    row.cells[0].replaceChildren(button);
  }
  show();
  return halt;
}

const players = [];
for (const section of document.querySelectorAll('section[data-call]')) players.push(player(section));
