/* Page Build: redrawn cards return the focus to the field or button that had it, or to the one in its place in the same
   card. */
(function () {
  const reachable = 'button:not([disabled]), input:not([disabled]):not([type=hidden]), textarea:not([disabled]), summary, a[href]';
  let had = null;
  function standing(card) { return [...card.querySelectorAll(reachable)].filter(function (one) { return one.tabIndex >= 0; }); }
  document.addEventListener('focusin', function (event) {
    const card = event.target.closest('#build-cards > .card');
    had = card && {
      card: [...card.parentElement.children].indexOf(card), at: standing(card).indexOf(event.target), id: event.target.id,
    };
  });
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    offsetBuild: {
      refocus: function () {
        const before = window.offsetFocus;
        const place = had && had.id === before ? had : null;
        window.requestAnimationFrame(function () {
          const lost = !document.activeElement || document.activeElement === document.body;
          const cards = document.querySelectorAll('#build-cards > .card');
          const there = place && cards[place.card] ? standing(cards[place.card]) : [];
          const at = Math.min(place ? place.at : 0, there.length - 1);
          const field = there.slice(at).find(function (one) { return one.matches('input, textarea'); });
          const next = document.getElementById(before) || field || there[at];
          if (lost && next) { next.focus({preventScroll: true}); }
        });
        return window.dash_clientside.no_update;
      },
    },
  });
})();

/* If a button is pressed while the last input is still being sent, the press waits for the input. */
(function () {
  const pause = 450; /* milliseconds: slightly more than a field waits for another key */
  let typed = -pause, waits = false;
  function settled() {
    return performance.now() - typed > pause && !document.querySelector('#build-verdict[data-dash-is-loading]');
  }
  document.addEventListener('input', function (event) {
    if (event.target.closest('#build-cards, #build-file')) { typed = performance.now(); }
  }, true);
  document.addEventListener('click', function (event) {
    const button = event.target.closest('button[id*="build-act"]');
    if (!button || (!waits && settled())) { return; }
    event.stopImmediatePropagation();
    event.preventDefault();
    if (waits) { return; }
    waits = true;
    (function again() {
      if (!settled()) { window.setTimeout(again, 50); return; }
      waits = false;
      const there = document.getElementById(button.id);
      if (there) { there.click(); }
    })();
  }, true);
})();

/* The heading of an entry says the amount that stands in its field, also before cards are redrawn. */
(function () {
  function say(entry) {
    entry.querySelectorAll('summary [data-of]').forEach(function (said) {
      const own = [...entry.querySelectorAll('.fields input')].filter(function (one) {
        return one.id.includes('"' + said.dataset.of + '\\"]');
      });
      if (own.length === 1 && own[0].value) { said.textContent = own[0].value; }
    });
  }
  ['input', 'keyup', 'click'].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const entry = event.target.closest && event.target.closest('details.entry');
      if (entry) { window.setTimeout(function () { say(entry); }, 0); }
    }, true);
  });
})();

/* An entry with a problem unfolds once; whoever folds it again has seen it. The field behind "Open a file" is reached through
   its button, but is labelled in case it is reached directly. */
new MutationObserver(function () {
  document.querySelectorAll('details.entry.faulty:not([data-unfolded])').forEach(function (entry) {
    entry.dataset.unfolded = 'true';
    entry.open = true;
  });
  document.querySelectorAll('input[type=file]:not([aria-label])').forEach(function (field) {
    field.setAttribute('aria-label', 'Open a file');
    field.setAttribute('tabindex', '-1');
  });
}).observe(document.documentElement, {childList: true, subtree: true});
