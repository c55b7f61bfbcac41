/* Page People: the town, drawn twice week by week, and the strips of one resident's story. Nothing plays by itself. */
(function () {
  const COLOURS = {text: '#1D1D1B', person: '#B9C0C6', edge: '#4A5158', tie: '#9AA3AA', company: '#2E7D32', machine: '#2E78B7', chosen: '#8A4B00'};
  const STEPS = 260, PACE = 170, QUARTER = 13, LASTS = 4;
  let kept = {week: null, source: null, places: null}, timer = null, redraw = null;

  /* One mark for one thing: in the picture, in its key and in the strips. */
  const MARKS = {
    resident: function (c, x, y) { dot(c, x, y, 3, COLOURS.person, COLOURS.edge, .6); },
    member: function (c, x, y) { dot(c, x, y, 3, COLOURS.company, COLOURS.edge, .6); },
    lonely: function (c, x, y) { dot(c, x, y, 5.5, null, COLOURS.text, 2); },
    chosen: function (c, x, y) { dot(c, x, y, 7.5, null, COLOURS.chosen, 1.6); },
    gone: function (c, x, y) { dot(c, x, y, 1, COLOURS.person); },
    automated: function (c, x, y) { c.fillStyle = COLOURS.machine; c.fillRect(x - 3, y - 3, 6, 6); },
    visit: function (c, x, y) { shape(c, [[x, y - 5.5], [x + 5, y + 4], [x - 5, y + 4]]); },
    group: function (c, x, y) { shape(c, [[x, y - 5], [x + 5, y], [x, y + 5], [x - 5, y]]); },
    admission: function (c, x, y) { bed(c, x, y, COLOURS.text, '#FFFFFF', []); },
    spared: function (c, x, y) { bed(c, x, y, '#FFFFFF', COLOURS.text, [2, 2]); },
    tie: function (c, x, y) { line(c, x - 8, y, x + 8, y, COLOURS.tie, 2); },
    new_tie: function (c, x, y) { line(c, x - 8, y, x + 8, y, COLOURS.company, 2); },
  };
  function dot(c, x, y, size, fill, edge, width) {
    c.beginPath(); c.arc(x, y, size, 0, 2 * Math.PI);
    if (fill) { c.fillStyle = fill; c.fill(); }
    if (edge) { c.strokeStyle = edge; c.lineWidth = width; c.stroke(); }
  }
  function shape(c, corners) {
    c.beginPath(); corners.forEach(function (at) { c.lineTo(at[0], at[1]); }); c.closePath();
    c.fillStyle = COLOURS.company; c.fill(); c.strokeStyle = '#FFFFFF'; c.lineWidth = .8; c.stroke();
  }
  function bed(c, x, y, fill, ink, dash) {
    c.fillStyle = fill; c.fillRect(x - 6.5, y - 6.5, 13, 13);
    c.strokeStyle = COLOURS.text; c.lineWidth = 1.2; c.setLineDash(dash); c.strokeRect(x - 6.5, y - 6.5, 13, 13); c.setLineDash([]);
    c.fillStyle = ink; c.font = 'bold 10px system-ui, sans-serif'; c.textAlign = 'center'; c.textBaseline = 'middle';
    c.fillText('H', x, y + .5);
  }
  function line(c, x1, y1, x2, y2, colour, width) {
    c.strokeStyle = colour; c.lineWidth = width; c.beginPath(); c.moveTo(x1, y1); c.lineTo(x2, y2); c.stroke();
  }
  function brush(canvas, width, height) {
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale); canvas.height = Math.round(height * scale);
    canvas.style.width = width + 'px'; canvas.style.height = height + 'px';
    const c = canvas.getContext('2d');
    c.scale(scale, scale);
    return c;
  }

  /* Flat lists of (person, week) as lists of people by week; ties as their steps. */
  function unpack(scene) {
    scene.arms.forEach(function (arm) {
      arm.by = {};
      Object.keys(arm).forEach(function (kind) {
        if (kind === 'ties' || kind === 'by') { return; }
        const weeks = arm.by[kind] = Array.from({length: scene.weeks + 1}, function () { return []; });
        for (let k = 0; k < arm[kind].length; k += 2) { weeks[arm[kind][k + 1]].push(arm[kind][k]); }
      });
      const found = new Map();
      for (let k = 0; k < arm.ties.length; k += 4) {
        const [a, b, week, strength] = arm.ties.slice(k, k + 4), key = a * 1000 + b;
        if (!found.has(key)) { found.set(key, {a: a, b: b, begins: week, steps: []}); }
        found.get(key).steps.push([week, strength]);
      }
      arm.edges = [...found.values()];
      arm.states = states(scene, arm);
    });
    return scene;
  }
  /* For each week: who is lonely, takes part (number of programmes) and has left. */
  function states(scene, arm) {
    const size = scene.names.length, all = [];
    let now = {lonely: Uint8Array.from(scene.lonely), member: new Uint8Array(size), gone: new Uint8Array(size)};
    for (let week = 0; week <= scene.weeks; week += 1) {
      now = {lonely: now.lonely.slice(), member: now.member.slice(), gone: now.gone.slice()};
      arm.by.lonely[week].forEach(function (p) { now.lonely[p] = 1; });
      arm.by.better[week].forEach(function (p) { now.lonely[p] = 0; });
      arm.by.joins[week].forEach(function (p) { now.member[p] += 1; });
      arm.by.leaves[week].forEach(function (p) { now.member[p] = Math.max(0, now.member[p] - 1); });
      arm.by.gone[week].forEach(function (p) { now.gone[p] = 1; now.lonely[p] = 0; now.member[p] = 0; });
      all.push(now);
    }
    return all;
  }
  function strengthAt(edge, week) {
    let strength = 0;
    for (const step of edge.steps) { if (step[0] > week) { break; } strength = step[1]; }
    return strength;
  }

  /* Where people stand: ties pull, everyone pushes. The same data give the same places, in both pictures. */
  function layOut(scene) {
    const n = scene.names.length, x = new Float64Array(n), y = new Float64Array(n);
    const edges = scene.arms[0].edges.filter(function (edge) { return edge.begins === 0; });
    for (let i = 0; i < n; i += 1) { const r = Math.sqrt(i / n); x[i] = r * Math.cos(2.4 * i); y[i] = r * Math.sin(2.4 * i); }
    const apart = 1.1 / Math.sqrt(n);
    for (let round = 0; round < STEPS; round += 1) {
      const dx = new Float64Array(n), dy = new Float64Array(n), most = .12 * (1 - round / STEPS) + .002;
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < i; j += 1) {
          const u = x[i] - x[j], v = y[i] - y[j], push = apart * apart / (u * u + v * v + 1e-6);
          dx[i] += u * push; dy[i] += v * push; dx[j] -= u * push; dy[j] -= v * push;
        }
        dx[i] -= x[i] * .9; dy[i] -= y[i] * .9;
      }
      edges.forEach(function (edge) {
        const u = x[edge.a] - x[edge.b], v = y[edge.a] - y[edge.b];
        const pull = Math.hypot(u, v) / apart * (.3 + strengthAt(edge, 0) / 20);
        dx[edge.a] -= u * pull; dy[edge.a] -= v * pull; dx[edge.b] += u * pull; dy[edge.b] += v * pull;
      });
      for (let i = 0; i < n; i += 1) {
        const far = Math.hypot(dx[i], dy[i]) || 1, step = Math.min(far * .08, most);
        x[i] += dx[i] / far * step; y[i] += dy[i] / far * step;
      }
    }
    return [spread(x), spread(y)];
  }
  /* From 0 to 1. */
  function spread(values) {
    const low = Math.min(...values), high = Math.max(...values);
    return Array.from(values, function (value) { return (value - low) / (high - low || 1); });
  }

  function drawTown(canvas, scene, at, week) {
    const arm = scene.arms[at], other = scene.arms[1 - at], width = canvas.parentElement.clientWidth;
    const small = width < 420, height = Math.round(width * (small ? 1.15 : .76)), edge = 14, c = brush(canvas, width, height);
    function mark(kind, x, y) { c.save(); c.translate(x, y); c.scale(small ? .75 : 1, small ? .75 : 1); MARKS[kind](c, 0, 0); c.restore(); }
    const px = kept.places[0].map(function (v) { return edge + v * (width - 2 * edge); });
    const py = kept.places[1].map(function (v) { return edge + v * (height - 2 * edge); });
    const now = arm.states[week];
    arm.edges.forEach(function (tie) {
      const strength = strengthAt(tie, week);
      if (strength) { line(c, px[tie.a], py[tie.a], px[tie.b], py[tie.b], tie.begins ? COLOURS.company : COLOURS.tie, .35 + strength / 9); }
    });
    for (let p = 0; p < px.length; p += 1) {
      mark(now.gone[p] ? 'gone' : now.member[p] ? 'member' : 'resident', px[p], py[p]);
      if (now.lonely[p]) { mark('lonely', px[p], py[p]); }
    }
    ['automated', 'group', 'visit'].forEach(function (kind) {
      arm.by[kind][week].forEach(function (p) { mark(kind, px[p] + 5, py[p] - 7); });
    });
    for (let back = LASTS - 1; back >= 0; back -= 1) {
      if (week - back < 1) { continue; }
      c.globalAlpha = 1 - back / LASTS;
      const here = arm.by.admission[week - back], there = other.by.admission[week - back];
      here.forEach(function (p) { mark('admission', px[p], py[p] - 10); });
      there.forEach(function (p) { if (!here.includes(p)) { mark('spared', px[p], py[p] - 10); } });
      c.globalAlpha = 1;
    }
    mark('chosen', px[scene.chosen], py[scene.chosen]);
    return {x: px, y: py};
  }

  function counted(scene, at, week) {
    const arm = scene.arms[at], now = arm.states[week];
    function sum(kind) { let n = 0; for (let w = 1; w <= week; w += 1) { n += arm.by[kind][w].length; } return n; }
    const lonely = now.lonely.reduce(function (n, v) { return n + v; }, 0);
    const fresh = arm.edges.filter(function (edge) { return edge.begins && strengthAt(edge, week); }).length;
    const machine = scene.arms.some(function (one) { return one.automated.length; });
    return [`${lonely} lonely`, `${fresh} new ${fresh === 1 ? 'tie' : 'ties'} between them`, `${sum('admission')} admissions so far`,
      ...(machine ? [`${sum('automated').toLocaleString('en-GB')} weeks with a contact sent to a machine so far`] : [])].join(', ');
  }

  /* One person's weeks: below in a programme and lonely, above what happens. */
  function drawStrip(canvas, scene, at) {
    const arm = scene.arms[at], width = canvas.parentElement.clientWidth, c = brush(canvas, width, 74);
    const who = scene.chosen, step = (width - 16) / scene.weeks;
    function x(week) { return 8 + week * step; }
    for (let week = 1; week <= scene.weeks; week += 1) {
      const now = arm.states[week];
      if (now.gone[who]) { line(c, x(week), 44, x(week) + 5, 54, COLOURS.edge, 2); line(c, x(week) + 5, 44, x(week), 54, COLOURS.edge, 2); break; }
      c.fillStyle = now.lonely[who] ? COLOURS.text : '#E6E9EB'; c.fillRect(x(week - 1), 44, step + 1, 10);
      if (now.member[who]) { c.fillStyle = COLOURS.company; c.fillRect(x(week - 1), 36, step + 1, 4); }
    }
    [['automated', 29], ['group', 22], ['visit', 22], ['admission', 9]].forEach(function (row) {
      arm.by[row[0]].forEach(function (people, week) { if (people.includes(who)) { MARKS[row[0]](c, x(week), row[1]); } });
    });
    scene.arms[1 - at].by.admission.forEach(function (people, week) {
      if (people.includes(who) && !arm.by.admission[week].includes(who)) { MARKS.spared(c, x(week), 9); }
    });
    c.fillStyle = COLOURS.edge; c.font = '11px system-ui, sans-serif'; c.textBaseline = 'top';
    for (let year = 0; year * 52 < scene.weeks; year += 1) {
      c.textAlign = 'left'; c.fillText(`Year ${year + 1}`, x(year * 52), 60); line(c, x(year * 52), 54, x(year * 52), 59, COLOURS.edge, 1);
    }
  }

  function made(tag, parent, fields) { return parent.appendChild(Object.assign(document.createElement(tag), fields || {})); }
  function build(place) {
    const source = place.getAttribute('data-town'), scene = unpack(JSON.parse(source));
    const arms = [...document.querySelectorAll('[data-arm]')], still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (kept.source !== source.replace(/"chosen":\d+/, '')) {
      kept = {week: Math.round(scene.weeks / 2), source: source.replace(/"chosen":\d+/, ''), places: layOut(scene)};
    }
    window.clearInterval(timer);
    place.replaceChildren();
    const play = made('button', place, {type: 'button', className: 'plain-button', id: 'town-play'});
    const bar = made('input', made('label', place, {textContent: 'Week '}), {type: 'range', id: 'town-week', min: 0, max: scene.weeks, step: 1});
    const said = made('output', place, {htmlFor: 'town-week'});
    const seen = [];
    function show(week) {
      kept.week = week;
      bar.value = week;
      said.textContent = `Week ${week} of ${scene.weeks}`;
      const counts = arms.map(function (_, at) { return counted(scene, at, week); });
      bar.setAttribute('aria-valuetext', `Week ${week}. ${arms.map(function (arm, at) { return `${arm.getAttribute('data-arm')}: ${counts[at]}`; }).join('. ')}`);
      arms.forEach(function (arm, at) {
        seen[at] = drawTown(arm.querySelector('canvas'), scene, at, week);
        arm.querySelector('.town-count').textContent = `${counts[at]}.`;
      });
    }
    function pause() { window.clearInterval(timer); timer = null; play.textContent = still ? 'On by 13 weeks' : 'Play'; }
    play.addEventListener('click', function () {
      if (kept.week >= scene.weeks) { kept.week = 0; }
      if (still) { show(Math.min(scene.weeks, kept.week + QUARTER)); return; }
      if (timer) { pause(); return; }
      play.textContent = 'Pause';
      timer = window.setInterval(function () {
        if (!place.isConnected || kept.week >= scene.weeks) { pause(); return; }
        show(kept.week + 1);
      }, PACE);
    });
    bar.addEventListener('input', function () { pause(); show(Number(bar.value)); });
    arms.forEach(function (arm, at) {
      arm.querySelector('canvas').onmousemove = function (event) {
        const near = seen[at].x.map(function (x, p) { return Math.hypot(x - event.offsetX, seen[at].y[p] - event.offsetY); });
        const person = near.indexOf(Math.min(...near));
        event.target.title = near[person] < 12 ? scene.names[person] : '';
      };
    });
    pause();
    redraw = function () {
      if (!place.isConnected) { return; }
      show(kept.week);
      document.querySelectorAll('canvas[data-mark]').forEach(function (key) { MARKS[key.dataset.mark](brush(key, 20, 16), 10, 8); });
      document.querySelectorAll('canvas[data-strip]').forEach(function (strip) { drawStrip(strip, scene, Number(strip.dataset.strip)); });
    };
    redraw();
  }
  let before = window.innerWidth;
  window.addEventListener('resize', function () {
    if (redraw && before !== window.innerWidth) { before = window.innerWidth; redraw(); }
  });
  new MutationObserver(function (changes) {
    const places = new Set();
    changes.forEach(function (change) {
      if (change.type === 'attributes') { places.add(change.target); return; }
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== Node.ELEMENT_NODE) { return; }
        if (node.hasAttribute('data-town')) { places.add(node); }
        node.querySelectorAll('[data-town]').forEach(function (one) { places.add(one); });
      });
    });
    places.forEach(build);
  }).observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-town']});
})();
