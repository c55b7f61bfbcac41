/* Actions in the browser: move the focus to a newly opened page, and set the title of the window. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  offset: {
    arrived: function () {
      const path = window.location.pathname;
      const first = window.offsetPath === undefined;
      const moved = !first && window.offsetPath !== path;
      window.offsetPath = path;
      const sight = document.getElementById('first-sight');
      if (sight) { sight.remove(); }
      if (first && window.offsetFirstPage) { window.offsetFirstPage(); }
      window.requestAnimationFrame(function () {
        const heading = document.querySelector('main h1');
        const current = document.querySelector('nav .current');
        if (current && !first) { current.scrollIntoView({block: 'nearest', inline: 'center'}); }
        if (heading) { document.title = heading.textContent + ' – Relational offset policy simulator'; }
        const lost = !document.activeElement || document.activeElement === document.body;
        const before = lost && window.offsetFocus && document.getElementById(window.offsetFocus);
        if (!moved && before) { before.focus({preventScroll: true}); }
        if (moved) { const main = document.getElementById('page'); main.focus({preventScroll: true}); window.scrollTo(0, 0); }
      });
      return path;
    },
    /* Keep values in the address, without loading the page anew; the last argument is their names there. */
    keep: function () {
      const given = Array.from(arguments), names = given.pop(), address = new URL(window.location);
      names.forEach(function (name, at) { address.searchParams.set(name, given[at]); });
      window.history.replaceState(window.history.state, '', address);
      return names;
    },
    print: function () { window.print(); return 1; },
    search: function (text) { return {quickFilterText: text || ''}; },
    /* Load the full chart library, for the one page with a flow chart, before drawing. */
    wholeLibrary: function (_changed, drawn) {
      if (window.offsetWhole || !window._dashPlotlyJSURL) { return drawn; }
      return new Promise(function (resolve, reject) {
        const script = document.createElement('script');
        script.src = window._dashPlotlyJSURL;
        script.onload = function () { window.offsetWhole = true; resolve(drawn); };
        script.onerror = reject;
        document.head.appendChild(script);
      });
    },
  },
});

/* A redrawn page returns the focus to the element that had it. */
document.addEventListener('focusin', function (event) { if (event.target.id) { window.offsetFocus = event.target.id; } });

/* A click into a field with suggestions selects its text, so that what is typed takes its place. */
document.addEventListener('click', function (event) {
  const field = event.target;
  if (field.matches && field.matches('input[role="combobox"], .mantine-Select-input') && !field.readOnly) { field.select(); }
});
