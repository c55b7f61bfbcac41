/* Tables of numbers, built as text from the cells of an element whenever they change. */
(function () {
  function add(parent, tag, text, scope, kind) {
    const made = parent.appendChild(document.createElement(tag));
    if (text !== undefined) { made.textContent = text; }
    if (scope) { made.scope = scope; }
    if (kind) { made.className = kind; }
    return made;
  }
  function build(place) {
    const cells = JSON.parse(place.getAttribute('data-table'));
    const table = document.createElement('table');
    add(table, 'caption', cells.caption);
    const head = add(add(table, 'thead'), 'tr');
    cells.heads.forEach(function (text, at) { add(head, 'th', text, 'col', at < cells.names ? 'name' : ''); });
    const body = add(table, 'tbody');
    cells.body.forEach(function (row) {
      const line = add(body, 'tr');
      row.forEach(function (text, at) { if (at < cells.names) { add(line, 'th', text, 'row'); } else { add(line, 'td', text); } });
    });
    place.replaceChildren(table);
  }
  function within(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) { return; }
    if (node.hasAttribute('data-table')) { build(node); }
    node.querySelectorAll('[data-table]').forEach(build);
  }
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === 'attributes') { build(change.target); } else { change.addedNodes.forEach(within); }
    });
  }).observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-table']});
})();
