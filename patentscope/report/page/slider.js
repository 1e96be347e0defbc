/* What others counted: one slider reads every small chart of a claim. */
function sliding() {
  /* One slider reads all small charts of a claim; a series that ends earlier stays at its last whole year. */
  document.querySelectorAll(".published").forEach(function (section) {
    var slider = section.querySelector("input[type=range]");
    var series = Array.from(section.querySelectorAll("script.readings"), function (script) {
      return { rows: JSON.parse(script.textContent), part: script.parentElement };
    });
    var years = series.flatMap(function (one) { return one.rows.map(function (row) { return row[0]; }); });
    slider.min = Math.min(...years);
    slider.max = Math.max(...years);
    slider.value = slider.max;
    function read() {
      slider.previousElementSibling.textContent = slider.value;
      series.forEach(function (one) { readYear(one, Number(slider.value), slider.dataset); });
    }
    slider.addEventListener("input", read);
    read();
  });
}

function readYear(one, year, names) {
  var whole = one.rows.filter(function (row) { return row[3]; });
  var last = whole[whole.length - 1], first = one.rows[0];
  var row = one.rows.find(function (found) { return found[0] === year; }) || (year < first[0] ? first : last);
  var how = !row[3] ? " (not whole)" : row[0] < year ? " (last whole year)" : "";
  var node = one.part.querySelector(".reading");
  node.replaceChildren(row[0] + how + ": ", told("left", names.left, row[1]), ", ", told("right", names.right, row[2]));
  var name = one.part.querySelector(".picture").id.replace(/^chart-/, "");
  one.now = row[3] ? ["left", "right"].map(function (side, place) {
    return { year: row[0], side: side, n: row[1 + place] };
  }) : [];
  if (views[name]) { views[name].view.data("now", one.now).run(); return; }
  if (!one.waits) { one.waits = true; whenDrawn(name, function (view) { view.data("now", one.now).run(); }); }
}

function told(side, name, n) {
  var node = document.createElement("b");
  node.className = side;
  node.textContent = name + " " + n.toLocaleString("en-GB", { maximumFractionDigits: 1 });
  return node;
}
