/* A map of districts, one hexagon each, drawn from the tiles of an element whenever they change. Arrow keys go from tile
   to tile, a letter to the next district that begins with it. */
(function () {
  const SVG = 'http://www.w3.org/2000/svg', WIDTH = Math.sqrt(3);
  function drawn(tag, properties) {
    const made = document.createElementNS(SVG, tag);
    Object.keys(properties).forEach(function (name) { made.setAttribute(name, properties[name]); });
    return made;
  }
  function centre(tile) { return {x: WIDTH * (tile.q + Math.abs(tile.r % 2) / 2), y: -1.5 * tile.r}; }
  function corners(at) {
    return [0, 1, 2, 3, 4, 5].map(function (corner) {
      const angle = Math.PI / 3 * corner + Math.PI / 6;
      return (at.x + Math.cos(angle)).toFixed(3) + ',' + (at.y + Math.sin(angle)).toFixed(3);
    }).join(' ');
  }
  function link(name) {
    const asked = new URLSearchParams(window.location.search);
    asked.set('place', name);
    return './?' + asked.toString();
  }
  function build(place) {
    const held = JSON.parse(place.getAttribute('data-districts'));
    const tiles = held.tiles.map(function (tile) { return Object.assign({at: centre(tile)}, tile); });
    const xs = tiles.map(function (tile) { return tile.at.x; }), ys = tiles.map(function (tile) { return tile.at.y; });
    const left = Math.min.apply(null, xs) - 1.2, top = Math.min.apply(null, ys) - 1.2;
    const picture = drawn('svg', {role: 'presentation', viewBox: [left, top,
      Math.max.apply(null, xs) + 1.2 - left, Math.max.apply(null, ys) + 1.2 - top].join(' ')});
    const list = document.createElement('div');
    list.className = 'district-tiles';
    list.tabIndex = 0;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', held.label);
    const told = document.createElement('p');
    told.className = 'district-told';
    told.textContent = held.hint;
    let now = null;
    function show(tile) {
      if (now) { now.shape.setAttribute('aria-selected', 'false'); }
      now = tile;
      tile.shape.setAttribute('aria-selected', 'true');
      picture.appendChild(tile.shape);  /* on top of its neighbours, whose edges would hide its own */
      list.setAttribute('aria-activedescendant', tile.shape.id);
      const name = document.createElement('strong'), away = document.createElement('a');
      name.textContent = tile.title + ': ';
      away.textContent = 'Show ' + tile.title + ' on all pages';
      away.href = link(tile.name);
      told.replaceChildren(name, tile.words + ' ', away);
    }
    tiles.forEach(function (tile) {
      tile.shape = drawn('polygon', {points: corners(tile.at), fill: tile.colour, role: 'option',
        id: 'district-' + tile.name, 'aria-selected': 'false', 'aria-label': tile.title + ': ' + tile.words});
      tile.shape.addEventListener('pointerenter', function () { show(tile); });
      tile.shape.addEventListener('click', function () { show(tile); });
      picture.appendChild(tile.shape);
    });
    const ways = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
    function beside(way) {
      let best = null, least = Infinity;
      tiles.forEach(function (tile) {
        const x = tile.at.x - now.at.x, y = tile.at.y - now.at.y;
        const along = x * way[0] + y * way[1], across = Math.abs(x * way[1]) + Math.abs(y * way[0]);
        if (along > 0.5 && along + 3 * across < least) { least = along + 3 * across; best = tile; }
      });
      return best;
    }
    function lettered(letter) {
      const after = tiles.slice(tiles.indexOf(now) + 1).concat(tiles);
      return after.find(function (tile) { return tile.title.toLowerCase().startsWith(letter.toLowerCase()); });
    }
    list.addEventListener('keydown', function (event) {
      const next = ways[event.key] ? (now ? beside(ways[event.key]) : tiles[0]) : event.key === 'Home' ? tiles[0]
        : event.key === 'End' ? tiles[tiles.length - 1]
        : /^[a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey ? lettered(event.key) : null;
      if (next) { event.preventDefault(); show(next); }
    });
    list.appendChild(picture);
    place.replaceChildren(list, told);
    const chosen = tiles.find(function (tile) { return tile.name === held.chosen; });
    if (chosen) { show(chosen); }
  }
  function within(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) { return; }
    if (node.hasAttribute('data-districts')) { build(node); }
    node.querySelectorAll('[data-districts]').forEach(build);
  }
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === 'attributes') { build(change.target); } else { change.addedNodes.forEach(within); }
    });
  }).observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-districts']});
})();
