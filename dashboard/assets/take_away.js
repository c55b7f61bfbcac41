/* Saves a chart as a picture with its finding, statistic and provenance. The browser draws it; nothing is sent. */
(function () {
  const MARGIN = 20, FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";
  const LOOKS = {
    title: {size: 20, weight: 700, colour: '#1D1D1B'},
    statistic: {size: 14, weight: 400, colour: '#4A5158'},
    source: {size: 11, weight: 400, colour: '#4A5158'},
  };
  const ruler = document.createElement('canvas').getContext('2d');

  /* Words in lines that are no wider than width. */
  function broken(text, look, width) {
    ruler.font = look.weight + ' ' + look.size + 'px ' + FONT;
    const lines = [];
    let line = '';
    text.trim().split(/\s+/).forEach(function (word) {
      const longer = line ? line + ' ' + word : word;
      if (line && ruler.measureText(longer).width > width) { lines.push(line); line = word; } else { line = longer; }
    });
    return line ? lines.concat(line) : lines;
  }

  function element(name, attributes, text) {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  /* Adds a paragraph at a height; returns the height below it. */
  function write(whole, text, look, top, width) {
    broken(text, look, width - 2 * MARGIN).forEach(function (line) {
      top += look.size * 1.35;
      whole.appendChild(element('text', {x: MARGIN, y: top, fill: look.colour, 'font-family': FONT,
        'font-size': look.size, 'font-weight': look.weight}, line));
    });
    return top;
  }

  function words(part, query) {
    const found = part && part.querySelector(query);
    return found ? found.textContent : '';
  }

  async function composed(figure) {
    const plot = figure.querySelector('.js-plotly-plot'), section = figure.closest('section');
    const chart = figure.querySelector('[role=img]'), width = Math.max(640, plot.clientWidth), height = plot.clientHeight;
    const address = await window.Plotly.toImage(plot, {format: 'svg', width: width, height: height});
    const drawn = new DOMParser().parseFromString(decodeURIComponent(address.slice(address.indexOf(',') + 1)), 'image/svg+xml');
    const whole = element('svg', {width: width, role: 'img'});
    const title = words(section, 'h3'), source = words(figure, 'figcaption');
    whole.appendChild(element('title', {}, title));
    whole.appendChild(element('desc', {}, chart ? chart.getAttribute('aria-label') : title));
    whole.appendChild(element('metadata', {}, source));
    whole.appendChild(element('rect', {width: '100%', height: '100%', fill: '#FFFFFF'}));
    let top = write(whole, title, LOOKS.title, 8, width);
    top = write(whole, words(section, '.statistic'), LOOKS.statistic, top + 4, width) + 12;
    const inner = document.importNode(drawn.documentElement, true);
    inner.setAttribute('y', top);
    whole.appendChild(inner);
    const bottom = write(whole, source, LOOKS.source, top + height + 8, width) + 16;
    whole.setAttribute('height', bottom);
    whole.setAttribute('viewBox', '0 0 ' + width + ' ' + bottom);
    return {text: new XMLSerializer().serializeToString(whole), width: width, height: bottom, name: plot.parentElement.id || plot.id || 'chart'};
  }

  function painted(picture) {
    return new Promise(function (resolve, reject) {
      const image = new Image(), canvas = document.createElement('canvas');
      canvas.width = 2 * picture.width;
      canvas.height = 2 * picture.height;
      image.onload = function () {
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(image.src);
        canvas.toBlob(resolve, 'image/png');
      };
      image.onerror = reject;
      image.src = URL.createObjectURL(new Blob([picture.text], {type: 'image/svg+xml'}));
    });
  }

  async function save(button) {
    const picture = await composed(button.closest('figure')), kind = button.dataset.picture;
    const blob = kind === 'png' ? await painted(picture) : new Blob([picture.text], {type: 'image/svg+xml'});
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = picture.name + '.' + kind;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  /* Fetches a file and says meanwhile that it is being made, since that takes up to a minute. */
  async function fetchFile(link) {
    const said = link.closest('details').querySelector('.making'), begun = Date.now(), name = link.textContent;
    function tell() {
      said.textContent = 'Making: ' + name + '. This takes up to a minute; ' + Math.round((Date.now() - begun) / 1000) + ' seconds so far.';
    }
    tell();
    const clock = setInterval(tell, 1000);
    try {
      const asked = new URL(link.href), now = new URLSearchParams(window.location.search);
      ['times', 'outcome'].forEach(function (kept) { if (now.has(kept)) { asked.searchParams.set(kept, now.get(kept)); } });
      const answer = await fetch(asked, {credentials: 'same-origin'});
      if (!answer.ok) { said.textContent = await answer.text(); return; }
      const named = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition') || ''), made = document.createElement('a');
      made.href = URL.createObjectURL(await answer.blob());
      made.download = named ? named[1] : 'take_away';
      made.click();
      setTimeout(function () { URL.revokeObjectURL(made.href); }, 10000);
      said.textContent = 'Made: ' + made.download + '.';
    } catch (error) {
      said.textContent = name + ' could not be made: the server does not answer.';
    } finally {
      clearInterval(clock);
    }
  }

  document.addEventListener('click', function (event) {
    const link = event.target.closest && event.target.closest('.take-away a[href^="/take-away/"]');
    if (!link) { return; }
    event.preventDefault();
    fetchFile(link);
  });

  document.addEventListener('click', function (event) {
    const button = event.target.closest && event.target.closest('button[data-picture]');
    if (!button) { return; }
    window.offsetWhenSeen.draw(button.closest('figure'));
    if (button.closest('figure').querySelector('.js-plotly-plot')) { save(button); }
  });
})();
