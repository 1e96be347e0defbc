/* Starts it all; `__patentscope` tells the tests how far it has come. */
var state = { drawn: 0, expected: 0, errors: [], ready: 0, done: false };
window.__patentscope = state;

async function begin() {
  var waiting = 0;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(redrawWide, 200);
  });
  document.querySelectorAll("[data-js]").forEach(function (part) { part.hidden = false; });
  switchable();
  copyable();
  startPanels();
  unfolding();
  state.ready = performance.now();
  await drawFirst();
  state.done = true;
}

begin();
