/* Starts it all; `__patentscope` tells the tests how far it has come. */
var state = { drawn: 0, expected: 0, errors: [], first: 0, ready: 0, done: false };
window.__patentscope = state;

async function begin() {
  var resized = 0;
  window.requestAnimationFrame(function () {
    window.setTimeout(function () { state.first = performance.now(); }, 0);
  });
  window.addEventListener("resize", function () {
    window.clearTimeout(resized);
    resized = window.setTimeout(redrawWide, 200);
  });
  document.querySelectorAll("[data-js]").forEach(function (part) { part.hidden = false; });
  window.addEventListener("afterprint", function () { printing = false; });
  window.addEventListener("beforeprint", function () {
    printing = true;
    document.querySelectorAll("details[data-print]").forEach(function (part) { part.open = true; });
  });
  searchable();
  saveable();
  savePictures();
  try {
    makeLists(JSON.parse(await inflated("lists")));
  } catch (problem) {
    state.errors.push("lists: " + problem.message);
  }
  state.ready = performance.now();
  await drawFirst();
  state.done = performance.now();
}

begin();
