/* The lists: every way to count of a question, filtered by the curve above it, and the publications. */
var lists = [];
var listsMade = null;
var PAGE = 50;
var STANDS = ["✕ stopped", "○ counted, not judged", "● judged"];
var JUDGED = 2;

function written(value) {
  /* As `figure` of table.py writes it. */
  if (value === null || value === undefined) { return "–"; }
  if (value === Math.round(value)) { return value.toLocaleString("en-US"); }
  if (Math.abs(value) >= 1000) { return Math.round(value).toLocaleString("en-US"); }
  return String(Number(value.toPrecision(3)));
}

function makeLists() {
  /* All of them, once: they are packed in the page, and only who opens a part with one waits for them. */
  listsMade = listsMade || inflated("lists").then(function (text) { JSON.parse(text).forEach(makeList); })
    .catch(function (problem) { state.errors.push("lists: " + problem.message); });
  return listsMade;
}

function makeList(list) {
  list.box = Array.from(document.querySelectorAll(".list")).find(function (box) {
    return box.dataset.claim === list.claim && box.dataset.question === list.question;
  });
  if (!list.box) { return; }
  list.all = rowsOf(list.rows);
  list.all.forEach(function (row) {
    row.choices = list.axes.map(function (axis) { return row[axis]; }).join("; ");
    row.stands = STANDS[row.standing];
    row.text = [row.spec_id, row.choices, row.stands, row.evidence, row.why].join(" ").toLowerCase();
    row.far = row.ratio === null ? Infinity : Math.abs(row.ratio - list.target);
  });
  list.ranks = list.all.filter(function (row) { return row.ratio !== null; }).length;
  useList(list);
  lists.push(list);
}

function useList(list) {
  list.form = list.box.querySelector("form");
  list.body = list.box.querySelector("tbody");
  list.shown = PAGE;
  list.view = null;
  list.more = button("", function () { list.shown += 2 * PAGE; render(list); });
  list.save = button("", function () { saveList(list); });
  list.box.querySelector("details").append(bar(list.more, list.save));
  list.form.hidden = false;
  list.form.elements.from.max = list.form.elements.to.max = String(list.ranks);
  list.form.addEventListener("submit", function (event) { event.preventDefault(); });
  list.form.addEventListener("reset", function () { window.setTimeout(function () { changed(list); }, 0); });
  list.form.addEventListener("input", function () { changed(list); });
  render(list);
}

function changed(list) {
  list.shown = PAGE;
  showBrush(list);
  render(list);
}

function span(list) {
  var from = Number(list.form.elements.from.value);
  var to = Number(list.form.elements.to.value);
  return from || to ? [from || 1, to || list.ranks] : null;
}

function selected(list) {
  var words = list.form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  var ranks = span(list);
  var found = list.all.filter(function (row) {
    return (!ranks || (row.ratio !== null && row.rank >= ranks[0] && row.rank <= ranks[1]))
      && (!list.form.elements.judged.checked || row.standing === JUDGED)
      && words.every(function (word) { return row.text.indexOf(word) !== -1; });
  });
  if (list.form.elements.order.value === "near") {
    found.sort(function (one, other) {
      return other.standing - one.standing || (one.far === other.far ? 0 : one.far - other.far)
        || (one.spec_id < other.spec_id ? -1 : 1);
    });
  }
  return found;
}

function render(list) {
  var rows = selected(list);
  list.body.replaceChildren.apply(list.body, rows.slice(0, list.shown).map(function (row) { return line(list, row); }));
  if (!rows.length) {
    var none = document.createElement("tr");
    none.append(put(document.createElement("td"), "no way to count is like that"));
    none.firstChild.colSpan = list.box.querySelectorAll("thead th").length;
    list.body.append(none);
  }
  var left = Math.max(0, rows.length - list.shown);
  list.more.hidden = !left;
  list.more.textContent = "Show " + written(Math.min(left, 2 * PAGE)) + " more of " + written(left);
  list.save.textContent = "Save these " + written(rows.length) + " as CSV";
  list.box.querySelector("caption div").firstChild.nodeValue =
    written(Math.min(rows.length, list.shown)) + " of " + written(rows.length) + " ways to count ";
  list.box.querySelector("output").textContent = inWords(list, rows);
  list.box.querySelector(".mix").textContent = rows.length && rows.length < list.all.length ? mix(list, rows) : "";
}

function inWords(list, rows) {
  /* What is judged, where anything is: the others' ratios are in the list, and count for nothing. */
  var judged = rows.filter(function (row) { return row.standing === JUDGED; });
  var some = judged.filter(function (row) { return row.ratio !== null; }).map(function (row) { return row.ratio; });
  var least = some.reduce(function (one, other) { return Math.min(one, other); }, Infinity);
  var most = some.reduce(function (one, other) { return Math.max(one, other); }, -Infinity);
  var ahead = judged.filter(function (row) { return row.low !== null && row.low > 1; }).length;
  var all = rows.length === list.all.length;
  return (all ? "All " + written(rows.length) : written(rows.length) + " of " + written(list.all.length))
    + " ways to count" + (all ? " are listed below" : " are selected") + ": "
    + (judged.length ? written(judged.length) : "none") + " judged"
    + (some.length ? ", with " + written(least) + (most > least ? " to " + written(most) : "") + " times as many, and "
    + list.sides[0] + " surely ahead in " + written(ahead) : "") + "."
    + (list.all.length < list.listed ? " The other " + written(list.listed - list.all.length) + " are in curve.csv." : "");
}

function mix(list, rows) {
  /* What the selected ones have in common: by choice, how many make it. */
  return list.axes.map(function (axis) {
    var sums = {};
    rows.forEach(function (row) { sums[row[axis]] = (sums[row[axis]] || 0) + 1; });
    return Object.keys(sums).sort(function (one, other) { return sums[other] - sums[one]; }).map(function (name) {
      return name + " " + written(sums[name]);
    }).join(", ");
  }).join("; ");
}

function line(list, row) {
  var high = row.high === null ? "no upper end" : written(row.high);
  var low = row.low === null ? "–" : written(row.low);
  var cells = [
    written(row.ratio), row.ratio === null ? "–" : low + " to " + high,
    written(row.left), written(row.right), written(row.both), written(row.unknown)
  ];
  var made = document.createElement("tr");
  var head = put(document.createElement("th"), row.spec_id);
  head.scope = "row";
  if (row.ratio !== null) { head.append(put(document.createElement("small"), "rank " + written(row.rank))); }
  made.append(head);
  cells.forEach(function (text) {
    var cell = put(document.createElement("td"), text);
    cell.className = "num";
    made.append(cell);
  });
  made.append(put(document.createElement("td"), row.choices));
  made.lastChild.className = "wide";
  made.append(put(document.createElement("td"), row.evidence || "–"));
  var stands = put(document.createElement("td"), row.stands);
  if (row.why) { stands.append(put(document.createElement("small"), row.why)); }
  made.append(stands);
  return made;
}

function saveList(list) {
  var head = ["claim_id", "question", "rank", "spec_id", "ratio", "low", "high", "left_n", "right_n", "overlap_n",
    "unknown_n", "choices", "certainty", "stopped", "judged", "reason"];
  var rows = selected(list).map(function (row) {
    return [list.claim, list.question, row.ratio === null ? null : row.rank, row.spec_id, row.ratio, row.low, row.high,
      row.left, row.right, row.both, row.unknown, row.choices, row.evidence, String(row.standing === 0),
      String(row.standing === JUDGED), row.why];
  });
  saveCsv(list.claim + "-" + list.question + "-ways-to-count", [head].concat(rows));
}

async function listen(box, view) {
  /* A curve was drawn: what is dragged across it goes into the list's ranks. */
  if (!document.querySelector('.list[data-chart="' + box.id + '"]')) { return; }
  await makeLists();
  var list = lists.find(function (one) { return one.box.dataset.chart === box.id; });
  if (!list) { return; }
  list.view = view;
  view.addSignalListener("brush", function (name, value) {
    if (list.showing) { return; }
    var ends = value && value.rank;
    list.form.elements.from.value = ends ? Math.max(1, Math.ceil(Math.min(ends[0], ends[1]))) : "";
    list.form.elements.to.value = ends ? Math.min(list.ranks, Math.floor(Math.max(ends[0], ends[1]))) : "";
    if (ends) { list.box.querySelector("details").open = true; }
    list.shown = PAGE;
    render(list);
  });
  if (span(list)) { showBrush(list); }
}

function showBrush(list) {
  /* Ranks that were typed: the curve pales the others, as when they are dragged. */
  if (!list.view) { return; }
  var ranks = span(list);
  var tuple = {
    unit: "points", fields: [{ field: "rank", channel: "x", type: "R" }],
    values: ranks ? [[ranks[0] - 0.5, ranks[1] + 0.5]] : []
  };
  list.showing = true;
  list.view.data("brush_store", ranks ? [tuple] : []).runAsync().then(function () { list.showing = false; });
}

function searchable(part) {
  var field = part.querySelector("#search");
  if (!field) { return; }
  var rows = Array.from(document.querySelectorAll("#table-publications tbody tr"));
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
    said.textContent = written(found) + " of " + written(rows.length) + " records shown";
  }
  field.addEventListener("input", apply);
  field.closest("form").addEventListener("submit", function (event) { event.preventDefault(); });
  apply();
}
