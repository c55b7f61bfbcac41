/* Page Build: cards that are drawn anew give the focus back to the field or button that had it. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  offsetBuild: {
    refocus: function () {
      const had = window.offsetFocus;
      window.requestAnimationFrame(function () {
        const lost = !document.activeElement || document.activeElement === document.body;
        const before = lost && had && document.getElementById(had);
        if (before) { before.focus({preventScroll: true}); }
      });
      return window.dash_clientside.no_update;
    },
  },
});

/* The field behind "Open a file" is reached through its button; whoever meets it all the same is told what it is. */
new MutationObserver(function () {
  document.querySelectorAll('input[type=file]:not([aria-label])').forEach(function (field) {
    field.setAttribute('aria-label', 'Open a file');
    field.setAttribute('tabindex', '-1');
  });
}).observe(document.documentElement, {childList: true, subtree: true});
