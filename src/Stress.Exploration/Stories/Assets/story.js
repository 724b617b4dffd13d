'use strict';
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const events = data.events;
  const find = id => document.getElementById(id);
  const at = find('at');
  const rows = Array.from(document.querySelectorAll('#events tbody tr'));
  const cursors = Array.from(document.querySelectorAll('.strip')).map(strip => {
    const cursor = document.createElement('b');
    strip.appendChild(cursor);
    strip.addEventListener('click', event => {
      const box = strip.getBoundingClientRect();
      show(Math.floor((event.clientX - box.left) / box.width * events.length) + 1, true);
    });
    return cursor;
  });
  let shown = 0;

  // Where columns would be too narrow, each row names its task instead.
  const narrow = window.matchMedia('(max-width: 820px)');
  const fit = () => document.body.classList.toggle('flat', narrow.matches || data.tasks.length > 5);
  narrow.addEventListener('change', fit);
  fit();

  function values(count) {
    const cells = new Map();
    events.slice(0, count).forEach(event => {
      if (event.cell !== undefined) {
        const before = cells.get(event.cell);
        const isNew = before === undefined || before.value !== event.after;
        cells.set(event.cell, { value: event.after, from: isNew ? event.task : before.from });
      }
    });
    return cells;
  }

  function showValues(count) {
    const body = document.querySelector('#cells tbody');
    const touched = events[count - 1].cell;
    body.textContent = '';
    const cells = values(count);
    const order = data.cells.map((name, index) => index).filter(index => cells.has(index));
    order.forEach(index => {
      const cell = cells.get(index);
      const row = body.insertRow();
      [data.cells[index], cell.value, data.tasks[cell.from]].forEach(text => {
        row.insertCell().textContent = text;
      });
      if (index === touched) {
        row.className = 'new';
        find('scroll').scrollTop = Math.max(0, row.offsetTop - 60);
      }
    });
  }

  function showLocks(count) {
    cursors.forEach(cursor => { cursor.style.left = (count - 0.5) / events.length * 100 + '%'; });
    document.querySelectorAll('.lock').forEach((element, index) => {
      const now = data.locks[index].spans.filter(span => Math.max(span.from + 1, Math.min(count, span.to)) === count);
      const text = now.map(span => data.tasks[span.task] + ' ' + span.use).join(', ');
      element.querySelector('.now').textContent = text === '' ? 'free' : text;
    });
  }

  function show(count, scrolls) {
    const next = Math.min(events.length, Math.max(1, count || 1));
    if (next === shown) { return; }
    if (shown !== 0) {
      rows[shown - 1].classList.remove('cur');
      rows[shown - 1].removeAttribute('aria-current');
    }
    shown = next;
    const row = rows[shown - 1];
    const event = events[shown - 1];
    row.classList.add('cur');
    row.setAttribute('aria-current', 'step');
    at.value = shown;
    at.setAttribute('aria-valuetext', 'event ' + event.number + ', ' + data.tasks[event.task] + ': ' + event.text);
    find('where').textContent = event.number + ' of ' + events[events.length - 1].number;
    find('now').textContent = data.tasks[event.task] + ': ' + event.text;
    showValues(shown);
    showLocks(shown);
    if (scrolls) { row.scrollIntoView({ block: 'nearest' }); }
    try { history.replaceState(null, '', '#event=' + event.number); } catch (ignored) { return; }
  }

  function fromHash() {
    const match = /^#event=(\d+)$/.exec(location.hash);
    if (match === null) { return 0; }
    const step = events.findIndex(event => event.number >= Number(match[1]));
    return step === -1 ? events.length : step + 1;
  }

  function nextMarked() {
    const marked = events.map((event, index) => event.mark === undefined ? 0 : index + 1).filter(step => step !== 0);
    show(marked.find(step => step > shown) || marked[0], true);
  }

  find('deciding').hidden = !events.some(event => event.mark !== undefined);
  find('deciding').addEventListener('click', nextMarked);
  find('back').addEventListener('click', () => show(shown - 1, true));
  find('forth').addEventListener('click', () => show(shown + 1, true));
  at.addEventListener('input', () => show(Number(at.value), true));
  find('every').addEventListener('change', event => {
    document.body.classList.toggle('digest', !event.target.checked);
    rows[shown - 1].scrollIntoView({ block: 'nearest' });
  });
  rows.forEach((row, index) => row.addEventListener('click', () => show(index + 1, false)));
  window.addEventListener('hashchange', () => show(fromHash() || shown, true));
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === at) { return; }
    const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, PageUp: -10, PageDown: 10 };
    const to = event.key === 'Home' ? 1 : event.key === 'End' ? events.length : shown + (steps[event.key] || 0);
    if (to !== shown) {
      event.preventDefault();
      show(to, true);
    }
  });
  find('copy').addEventListener('click', () => {
    const command = find('command');
    const copied = () => { find('copy').textContent = 'Copied'; };
    const select = () => {
      getSelection().selectAllChildren(command);
      if (document.execCommand('copy')) { copied(); }
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(command.textContent).then(copied, select);
    } else {
      select();
    }
  });
  const begin = fromHash();
  show(begin || data.start, begin !== 0);
}());
