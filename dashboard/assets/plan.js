/* The address follows the sliders of page Plan once they have rested, so that a link restores them. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  offsetPlan: {
    address: function (automation, connectors, cafes, hub, money, usual, search) {
      const none = window.dash_clientside.no_update;
      const now = {automation, connectors, cafes, hub, money};
      window.clearTimeout(window.offsetPlanTimer);
      if (window.offsetPlanGiveUp) { window.offsetPlanGiveUp(none); }
      return new Promise(function (resolve) {
        window.offsetPlanGiveUp = resolve;
        window.offsetPlanTimer = window.setTimeout(function () {
          const query = new URLSearchParams(search || '');
          const before = query.toString();
          Object.keys(now).forEach(function (name) {
            if (now[name] !== Number(query.get(name) === null ? usual[name] : query.get(name))) { query.set(name, now[name]); }
          });
          window.offsetPlanGiveUp = null;
          resolve(query.toString() === before ? none : '?' + query.toString());
        }, 700);
      });
    },
  },
});
