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
