/* Content below the visible part of a page is drawn when the browser is idle, or at once when it comes near the window,
   is saved or is printed. Text alternatives and tables of charts are always present. */
(function () {
  const pause = 200; /* milliseconds, so that visible content comes first */
  const waiting = new Map();
  let asked = false;
  const coming = new IntersectionObserver(function (changes) {
    changes.forEach(function (change) { if (change.isIntersecting) { draw(change.target); } });
  }, {rootMargin: '25% 0px'});
  function draw(place) {
    const task = waiting.get(place);
    if (!task) { return; }
    waiting.delete(place);
    coming.unobserve(place);
    task();
  }
  function next() {
    asked = false;
    const [place] = waiting.keys();
    if (place) { draw(place); }
    ask();
  }
  function ask() {
    if (asked || !waiting.size) { return; }
    asked = true;
    if (window.requestIdleCallback) { window.requestIdleCallback(next, {timeout: 100}); } else { window.setTimeout(next, 50); }
  }
  function askSoon() {
    if (asked) { return; }
    asked = true;
    window.setTimeout(function () { asked = false; ask(); }, pause);
  }
  function isSeen(place) {
    const box = place.getBoundingClientRect();
    return place.getClientRects().length > 0 && box.top < window.innerHeight && box.bottom >= 0; /* none while folded */
  }
  function whenSeen(place, task) {
    if (isSeen(place)) { task(); return; }
    const before = waiting.get(place);
    waiting.set(place, before ? function () { before(); task(); } : task);
    coming.observe(place);
    askSoon();
  }
  window.addEventListener('beforeprint', function () { [...waiting.keys()].forEach(draw); });

  function sized(place) {
    const drawn = place.querySelector('.main-svg');
    if (!drawn) { return false; }
    const box = drawn.getBoundingClientRect();
    return Math.abs(box.width - place.clientWidth) < 1 && Math.abs(box.height - place.clientHeight) < 1;
  }

  window.offsetWhenSeen = {
    /* Draw the waiting parts of an element. */
    draw: function (around) { [...waiting.keys()].filter(function (place) { return around.contains(place); }).forEach(draw); },
    /* Wraps the chart library to draw lazily, and to skip redrawing charts that already have the right size. */
    teach: function (library) {
      const react = library.react, resize = library.Plots.resize;
      library.react = function (place) {
        const given = arguments;
        return new Promise(function (resolve, reject) {
          whenSeen(place, function () {
            if (place.isConnected) { react.apply(library, given).then(resolve, reject); } else { resolve(place); }
          });
        });
      };
      library.Plots.resize = function (place) { return sized(place) ? Promise.resolve(place) : resize(place); };
    },
  };
  /* In whichever order scripts are loaded, and when the complete library takes the place of the basic one. */
  let library;
  Object.defineProperty(window, 'Plotly', {
    configurable: true,
    get: function () { return library; },
    set: function (loaded) { library = loaded; window.offsetWhenSeen.teach(loaded); },
  });

  /* A lazily drawn part of a page; until then an empty space of some height. */
  function LazyContent(props) {
    const place = window.React.useRef(null);
    const [seen, see] = window.React.useState(false);
    window.React.useLayoutEffect(function () {
      if (seen || !place.current) { return; }
      let within = true; /* this effect, after which React redraws the page itself */
      whenSeen(place.current, function () { if (within) { see(true); } else { window.ReactDOM.flushSync(function () { see(true); }); } });
      within = false;
    }, []);
    if (seen) { return props.children; }
    return window.React.createElement('div', {ref: place, className: 'not-yet', style: {minHeight: props.height}});
  }
  window.offset_dashboard = {LazyContent: LazyContent};
})();
