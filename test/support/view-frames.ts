/** A page that asks for the view's blocks, draws one number of them, and opens a record at a click. */
export const GAUGE_PAGE = `<!doctype html><meta charset="utf-8"><title>Gauge</title>
<style>
:root { color-scheme: light dark; font: 14px system-ui, sans-serif; }
body { margin: 0; padding: 16px; display: flex; align-items: center; gap: 16px; }
meter { width: 240px; height: 24px; }
</style>
<meter id="meter" max="10"></meter> <output id="count">…</output>
<button id="open">Open the first device</button> <button id="again">Only those online</button>
<script>
const draw = (params) => parent.postMessage({ call: 'render', request: 'draw', params }, '*');
addEventListener('message', ({ data }) => {
  if (data.call !== 'render') { document.getElementById('count').textContent = data.error ?? 'opened'; return; }
  if (data.error) { document.getElementById('count').textContent = data.error; return; }
  const table = data.blocks.find((block) => block.kind === 'table');
  document.getElementById('meter').value = table.rows.length;
  document.getElementById('count').textContent = table.rows.length + ' devices';
});
document.getElementById('open').addEventListener('click', () => parent.postMessage({ call: 'open', request: 'open', entity: 'device', id: 'fs-1' }, '*'));
document.getElementById('again').addEventListener('click', () => draw({ state: 'online' }));
draw({});
</script>`;

/** A page that tries every way out, and writes down how far it came: `name: got out` is a hole. */
export const HOSTILE_PAGE = `<!doctype html><meta charset="utf-8"><title>Hostile</title>
<ul id="tries"></ul>
<form id="form" action="/api/v1/clients" method="post"><input name="name" value="stolen"></form>
<script>
const note = (name, outcome) => {
  const item = document.createElement('li');
  item.textContent = name + ': ' + outcome;
  document.getElementById('tries').append(item);
};
const attempt = (name, work) => { try { work(); note(name, 'got out'); } catch (error) { note(name, 'stopped by ' + error.name); } };
const later = (name, promise) => promise.then(() => note(name, 'got out'), (error) => note(name, 'stopped by ' + error.name));
const loads = (name, element, key, url) => later(name, new Promise((resolve, reject) => {
  element.onload = resolve; element.onerror = () => reject(new TypeError('no'));
  element[key] = url; document.body.append(element);
}));
attempt('cookies', () => document.cookie);
attempt('storage', () => localStorage.length);
attempt('parent document', () => parent.document.body.innerHTML);
attempt('parent location', () => parent.location.href);
attempt('top navigation', () => { top.location.href = '/sign-in'; });
attempt('popup', () => { if (open('/') === null) throw new TypeError('no'); });
later('fetch', fetch('/api/v1/clients'));
later('fetch elsewhere', fetch('https://elsewhere.example/', { mode: 'no-cors' }));
loads('picture', new Image(), 'src', '/favicon.ico');
loads('script', document.createElement('script'), 'src', '/assets/stolen.js');
later('socket', new Promise((resolve, reject) => { const socket = new WebSocket('wss://elsewhere.example/'); socket.onopen = resolve; socket.onerror = () => reject(new TypeError('no')); }));
document.getElementById('form').submit();
for (const message of ['text', null, 7, [], { call: 'evil' }, { call: 'render', params: 'none' }, { call: 'render', params: { a: 'x'.repeat(70000) } }, { call: 'open', entity: 'device', id: 'fs-1' }, { call: 'render', params: {}, extra: 1 }])
  parent.postMessage(message, '*');
let answers = 0;
addEventListener('message', ({ data }) => { answers += 1; if (data.blocks) document.body.dataset.drawn = String(Number(document.body.dataset.drawn ?? 0) + 1); });
for (let index = 0; index < 200; index += 1) parent.postMessage({ call: 'render', request: index, params: {} }, '*');
setTimeout(() => note('finished', answers + ' answers'), 2500);
</script>`;
