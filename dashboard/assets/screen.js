/* What the browser does by itself: move the focus to a page that was gone to, and name the window after it. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  offset: {
    arrived: function () {
      const path = window.location.pathname;
      const first = window.offsetPath === undefined;
      const moved = !first && window.offsetPath !== path;
      window.offsetPath = path;
      window.requestAnimationFrame(function () {
        const heading = document.querySelector('main h1');
        if (heading) { document.title = heading.textContent + ' – Relational offset policy simulator'; }
        if (moved) { const main = document.getElementById('page'); main.focus({preventScroll: true}); window.scrollTo(0, 0); }
      });
      return path;
    },
  },
});
