/* The table library is large and the first page has no table: it is fetched when the first page stands, or when a table is
   to be shown. Until then a stand-in takes its name; the library replaces that when it arrives. */
(function () {
  const place = document.querySelector('meta[name=table-library]');
  if (!place) { return; }
  let fetched = null;
  function fetchLibrary() {
    fetched = fetched || new Promise(function (resolve, reject) {
      const script = document.createElement('script');
      script.src = place.content;
      script.onload = resolve;
      script.onerror = reject;
      document.head.appendChild(script);
    });
    return fetched;
  }
  function StandIn(props) {
    const [there, arrive] = window.React.useState(false);
    window.React.useEffect(function () { fetchLibrary().then(function () { arrive(true); }); }, []);
    return there ? window.React.createElement(window.dash_ag_grid.AgGrid, props) : null;
  }
  window.dash_ag_grid = {AgGrid: StandIn};
  window.offsetFirstPage = function () { window.setTimeout(fetchLibrary, 500); };
})();
