/* Every way to count of a claim is in the page (recount.py): looked up by its choices, or by its identifier. */
/* Where choices can't be combined, these go back first. */
var GO_BACK = ["share", "international", "unit", "basis", "documents", "date"];

function bytesIn(text) {
  return Uint8Array.from(window.atob(text), function (mark) { return mark.charCodeAt(0); });
}

function summed(steps) {
  var sum = 0;
  return steps.map(function (step) { sum += step; return sum; });
}

function panelIn(section) {
  var data = JSON.parse(section.querySelector("script[id^='count-data']").textContent);
  var panel = {
    data: data, section: section, form: section.querySelector("form"), numbers: summed(data.steps), at: new Map(),
    ids: new Map(), lines: new Map(), quoted: null,
    keys: data.axes.map(function (axis) { return axis[0]; }),
    sizes: data.axes.map(function (axis) { return axis[1].length; })
  };
  panel.numbers.forEach(function (number, place) { panel.at.set(number, place); });
  var hex = Array.from(bytesIn(data.ids), function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  panel.numbers.forEach(function (_, place) { panel.ids.set(hex.slice(12 * place, 12 * place + 12), place); });
  panel.specs = Array.from(panel.ids.keys());
  var told = data.open[1];
  panel.untold = new Map(summed(data.open[0]).map(function (place, at) { return [place, data.untold[told[at]]]; }));
  if (data.lines) {
    summed(data.lines.of).forEach(function (place, line) { panel.lines.set(place, line); });
    panel.counts = new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[data.lines.bytes](bytesIn(data.lines.counts).buffer);
  }
  panel.judged = data.why.some(function (why) { return why === 0; });
  panel.loosened = subsets(GO_BACK.map(function (key) { return panel.keys.indexOf(key); }));
  panel.now = panel.first = choicesAt(panel, panel.ids.get(data.first));
  return panel;
}

function subsets(places) {
  /* All subsets but the empty one, the smallest first; of one size, those of the first places first. */
  var found = [];
  for (var bits = 1; bits < 1 << places.length; bits += 1) {
    found.push(places.filter(function (_, bit) { return bits >> bit & 1; }));
  }
  return found.sort(function (one, other) { return one.length - other.length; });
}

function choicesAt(panel, place) {
  var rest = panel.numbers[place];
  return panel.sizes.reduceRight(function (choices, size) {
    choices.unshift(rest % size);
    rest = Math.floor(rest / size);
    return choices;
  }, []);
}

function placeAt(panel, choices) {
  return panel.at.get(choices.reduce(function (sum, level, axis) { return sum * panel.sizes[axis] + level; }, 0));
}

function level(panel, choices, key) {
  var axis = panel.keys.indexOf(key);
  return panel.data.axes[axis][1][choices[axis]];
}

function wayAt(panel, place) {
  /* One way to count: both sides, those together, how it stands, and why; what it leaves open (recount.py). */
  var data = panel.data, choices = choicesAt(panel, place), both = data.both ? data.both[place] : 0;
  var [kind, why] = data.reasons[data.why[place]];
  return {
    place: place, choices: choices, left: data.left[place], right: data.right[place], both: both, kind: kind, why: why, untold: panel.untold.get(place) || null,
    all: Number((data.left[place] + data.right[place] - both).toFixed(6)),
    isAudited: level(panel, choices, "topic") === data.audited
  };
}

/* ---- which choices go together ---- */
function settled(panel, tried, kept) {
  /* The choices as tried, or with the fewest others back at their first level; none where that doesn't help. */
  if (placeAt(panel, tried) !== undefined) { return { choices: tried, back: [] }; }
  for (var places of panel.loosened) {
    if (places.includes(kept)) { continue; }
    for (var first of [panel.first, panel.first.map(function () { return 0; })]) {
      var choices = tried.map(function (level, axis) { return places.includes(axis) ? first[axis] : level; });
      if (placeAt(panel, choices) !== undefined) {
        return { choices: choices, back: places.filter(function (axis) { return choices[axis] !== tried[axis]; }) };
      }
    }
  }
  return null;
}

function goesWith(panel, tried, kept) {
  /* The levels of one other axis with which a choice can be combined, for those that it can't be combined with now. */
  for (var axis of GO_BACK.slice().reverse().map(function (key) { return panel.keys.indexOf(key); })) {
    if (axis === kept) { continue; }
    var names = panel.data.axes[axis][2].filter(function (_, other) {
      var choices = tried.slice();
      choices[axis] = other;
      return settled(panel, choices, axis) && settled(panel, choices, axis).choices[kept] === tried[kept];
    });
    if (names.length) { return "only with “" + names.join("” or “") + "”"; }
  }
  return "not with the other choices";
}

function option(panel, axis, chosen) {
  /* What choosing a level would give, or why it can't be chosen. */
  var tried = panel.now.slice();
  tried[axis] = chosen;
  var found = settled(panel, tried, axis);
  if (!found) { return { found: null, off: goesWith(panel, tried, axis) }; }
  return { found: found, way: wayAt(panel, placeAt(panel, found.choices)), off: "" };
}

function whyOff(panel, way) {
  /* Where other counts are judged, one that is stopped or finds nothing is no choice. */
  if (!panel.judged) { return ""; }
  return way.kind === "stopped" ? way.why : way.left || way.right ? "" : "nothing is counted on either side";
}
