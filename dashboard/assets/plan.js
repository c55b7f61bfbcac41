/* Keep the sliders of page Plan in the address, without loading the page anew. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  offsetPlan: {
    keep: function (automation, connectors, cafes, hub, money) {
      const now = {automation, connectors, cafes, hub, money}, address = new URL(window.location);
      Object.keys(now).forEach(function (name) { address.searchParams.set(name, now[name]); });
      window.history.replaceState(window.history.state, '', address);
      return now;
    },
  },
});
