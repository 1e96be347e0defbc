/* Save picture: title, subtitle, chart, source and date in one image, in the light colours whatever the page has. */
var LIGHT = null;

function light() {
  /* The light colours, as the page's own style sheet has them. */
  if (LIGHT) { return LIGHT; }
  LIGHT = {};
  var rules = Array.from(document.styleSheets).flatMap(function (sheet) { return Array.from(sheet.cssRules); });
  var root = rules.find(function (rule) { return rule.selectorText === ":root"; });
  Array.from(root.style).forEach(function (name) { LIGHT[name] = root.style.getPropertyValue(name).trim(); });
  return LIGHT;
}

function mixed(name, part) {
  /* So many per cent of a colour on the ground. */
  var both = [light()[name], light()["--paper"]].map(function (colour) {
    return [1, 3, 5].map(function (at) { return parseInt(colour.slice(at, at + 2), 16); });
  });
  return "#" + both[0].map(function (value, at) {
    return Math.round(value * part / 100 + both[1][at] * (1 - part / 100)).toString(16).padStart(2, "0");
  }).join("");
}

function inLight(text) {
  return text
    .replace(/color-mix\(in srgb, var\((--[a-z0-9-]+)\) (\d+)%, var\(--paper\)\)/g, function (_, name, part) {
      return mixed(name, Number(part));
    })
    .replace(/var\((--[a-z0-9-]+)\)/g, function (_, name) { return light()[name]; });
}

function broken(text, most) {
  /* A text in lines of at most so many characters. */
  return text.split(" ").reduce(function (lines, word) {
    var last = lines[lines.length - 1];
    if (last && (last + " " + word).length > most) { return lines.concat(word); }
    return lines.slice(0, -1).concat(last ? last + " " + word : word);
  }, [""]);
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function pictureOf(name) {
  /* The picture as it is printed, or where a choice moved its ring, as it is seen; as the text of an SVG, with its size. */
  var box = document.getElementById("chart-" + name);
  var still = box.querySelector(".still.paper") || Array.from(box.querySelectorAll(".still")).find(isSeen) || box.querySelector(".still");
  var svg = (rings[name] && still.querySelector(".live svg") || still.querySelector("svg")).cloneNode(true);
  var inner = svg.getAttribute("viewBox").split(" ").map(Number);
  var edge = 24, width = Math.max(inner[2], 420) + 2 * edge, at = 40, parts = [];
  function write(text, size, step, fill, more) {
    broken(text, Math.floor((width - 2 * edge) / (size * (more ? 0.52 : 0.5)))).forEach(function (line) {
      parts.push('<text x="' + edge + '" y="' + at + '" font-size="' + size + '" fill="var(' + fill + ')"' + (more || "") + ">" + escaped(line) + "</text>");
      at += step;
    });
  }
  write(box.dataset.title, 20, 25, "--ink", ' font-family="Charter, Cambria, Georgia, serif" font-weight="700"');
  if (box.dataset.subtitle) { write(box.dataset.subtitle, 13, 18, "--soft"); }
  Object.entries({ x: edge, y: at, width: inner[2], height: inner[3], overflow: "visible", "paint-order": "stroke" }).forEach(function ([key, value]) {
    svg.setAttribute(key, value);
  });
  svg.removeAttribute("style");
  svg.removeAttribute("aria-hidden");
  var chart = new XMLSerializer().serializeToString(svg);
  at += inner[3] + 26;
  write("Source: " + box.dataset.source, 12, 16, "--soft");
  var size = 'width="' + width + '" height="' + at + '" viewBox="0 0 ' + width + " " + at + '"';
  var text = '<svg xmlns="http://www.w3.org/2000/svg" ' + size + ' font-family="Helvetica, Arial, sans-serif"><title>' +
    escaped(box.dataset.title) + '</title><rect width="100%" height="100%" fill="var(--paper)"/>' + parts.join("") + chart + "</svg>";
  return { svg: inLight(text), width: width, height: at, file: "patentscope-" + box.dataset.file };
}

function give(blob, file) {
  var link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 5000);
}

function asPng(picture) {
  /* The same as PNG, twice as fine; a promise. */
  return new Promise(function (go, fail) {
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * picture.width;
      canvas.height = 2 * picture.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(go, "image/png");
    };
    image.onerror = fail;
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture.svg);
  });
}

function savePictures() {
  document.addEventListener("click", async function (event) {
    var button = event.target.closest && event.target.closest("[data-save]");
    if (!button) { return; }
    var picture = pictureOf(button.dataset.save);
    var isSvg = button.dataset.as === "svg";
    give(isSvg ? new Blob([picture.svg], { type: "image/svg+xml" }) : await asPng(picture), picture.file + (isSvg ? ".svg" : ".png"));
  });
  window.patentscope = Object.assign(window.patentscope || {}, { picture: pictureOf, png: function (name) { return asPng(pictureOf(name)); } });
}
