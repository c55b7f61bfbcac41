/* The large table library is loaded after the first page, which has no table, or when a table is needed. Until then a
   placeholder has its name, which the library replaces. */
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
