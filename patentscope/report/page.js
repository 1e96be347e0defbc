/* Draws the charts of the page one after the other, and filters the list of records. No request goes anywhere. */
(function () {
  "use strict";
  var state = { drawn: 0, expected: 0, errors: [], done: false };
  window.__patentscope = state;

  /* Text and lines take the page's colour, so that light, dark and paper need no second drawing. */
  var ink = "currentColor";
  var theme = {
    background: "transparent",
    font: 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif',
    view: { stroke: ink, strokeOpacity: 0.18 },
    axis: {
      labelColor: ink, titleColor: ink, gridColor: ink, gridOpacity: 0.13, domainColor: ink, domainOpacity: 0.45,
      tickColor: ink, tickOpacity: 0.45, labelFontSize: 11, titleFontSize: 12, titleFontWeight: 500
    },
    legend: { labelColor: ink, titleColor: ink, labelFontSize: 11 },
    text: { color: ink },
    style: { "group-title": { fill: ink }, "guide-label": { fill: ink }, "guide-title": { fill: ink } }
  };

  function unpacked(spec) {
    /* Rows are stored by column, with each column's distinct values once. */
    Object.keys(spec.datasets || {}).forEach(function (key) {
      var columns = spec.datasets[key].packed;
      var rows = [];
      for (var place = 0; place < spec.datasets[key].rows; place += 1) {
        var row = {};
        Object.keys(columns).forEach(function (name) { row[name] = columns[name][0][columns[name][1][place]]; });
        rows.push(row);
      }
      spec.datasets[key] = rows;
    });
    return spec;
  }

  function narrowed(part) {
    /* On a phone the names of the choices are set smaller, so that the plot keeps its room. */
    (part.layer || [part]).forEach(function (layer) {
      var axis = layer.encoding.y && layer.encoding.y.axis;
      if (axis && axis.minExtent) {
        axis.minExtent = axis.maxExtent = 118;
        axis.labelLimit = 114;
        axis.labelFontSize = 9;
      }
    });
  }

  function fitted(spec, width) {
    /* Charts that stand under each other share a gutter of fixed width; the plots take the rest. */
    if (!spec.vconcat) { return spec; }
    var narrow = width < 520;
    spec.vconcat.forEach(function (part) {
      part.width = Math.max(100, Math.floor(width - (narrow ? 118 : spec.usermeta.gutter) - 16));
      if (narrow) { narrowed(part); }
    });
    return spec;
  }

  function shown(box, problem) {
    var note = document.createElement("p");
    note.className = "chart-error";
    note.setAttribute("role", "alert");
    note.textContent = "This chart could not be drawn (" + problem + "). Its figures are in the table beneath.";
    box.replaceChildren(note);
    state.errors.push(box.id + ": " + problem);
  }

  function draw(box) {
    var source = document.getElementById(box.id + "-spec");
    var spec;
    try {
      spec = fitted(unpacked(JSON.parse(source.textContent)), box.clientWidth);
    } catch (problem) {
      shown(box, problem.message);
      return Promise.resolve();
    }
    var options = { actions: false, renderer: "svg", ast: true, config: theme, tooltip: { theme: "custom" } };
    box.dataset.width = String(box.clientWidth);
    return window.vegaEmbed(box, spec, options).then(function () {
      box.dataset.drawn = "yes";
    }).catch(function (problem) { shown(box, problem && problem.message ? problem.message : String(problem)); });
  }

  function drawAll() {
    var boxes = Array.prototype.slice.call(document.querySelectorAll(".chart"));
    state.expected = boxes.length;
    if (!window.vegaEmbed) {
      boxes.forEach(function (box) { shown(box, "the drawing library did not start"); });
      state.done = true;
      return;
    }
    /* One after the other, with a pause between, so that the page can be read and scrolled from the start. */
    (function next(place) {
      if (place === boxes.length) { state.done = true; return; }
      draw(boxes[place]).then(function () {
        state.drawn = document.querySelectorAll(".chart[data-drawn]").length;
        window.setTimeout(function () { next(place + 1); }, 0);
      });
    })(0);
  }

  function redrawWide() {
    document.querySelectorAll(".chart[data-fit]").forEach(function (box) {
      if (box.dataset.drawn && Math.abs(box.clientWidth - Number(box.dataset.width)) > 8) { draw(box); }
    });
  }

  function searchable() {
    var field = document.getElementById("search");
    if (!field) { return; }
    var rows = Array.prototype.slice.call(document.querySelectorAll("#records-table tbody tr"));
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var said = document.getElementById("search-found");
    function apply() {
      var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      var found = 0;
      rows.forEach(function (row, place) {
        var hit = words.every(function (word) { return texts[place].indexOf(word) !== -1; });
        row.hidden = !hit;
        if (hit) { found += 1; }
      });
      said.textContent = found + " of " + rows.length + " records shown";
    }
    field.addEventListener("input", apply);
    field.closest("form").addEventListener("submit", function (event) { event.preventDefault(); });
    apply();
  }

  var waiting = 0;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(redrawWide, 200);
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-print]").forEach(function (part) { part.open = true; });
  });
  searchable();
  drawAll();
})();
