/* What every page must keep, looked up in the page itself: each function gives the faults it finds, in words. */
window.__checks = (function () {
  "use strict";

  function shown(element) {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  }

  function within(element, box) {
    /* A box, cut to what the boxes around it that scroll or hide let through. */
    var cut = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
    for (var outer = element; outer && outer !== document.body; outer = outer.parentElement) {
      var style = getComputedStyle(outer);
      if (style.overflowX === "visible" || outer instanceof SVGElement) { continue; }
      var around = outer.getBoundingClientRect();
      cut = {
        left: Math.max(cut.left, around.left), right: Math.min(cut.right, around.right),
        top: Math.max(cut.top, around.top), bottom: Math.min(cut.bottom, around.bottom)
      };
    }
    return cut;
  }

  function texts() {
    /* Every visible text outside SVG, and every label within, as {element, text}. */
    var found = [];
    var walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      var element = walk.currentNode.parentElement;
      var silent = !walk.currentNode.nodeValue.trim() || element.closest("script, style, svg, noscript");
      if (silent || !shown(element)) { continue; }
      found.push({ node: walk.currentNode, element: element, text: walk.currentNode.nodeValue.trim().slice(0, 50) });
    }
    document.querySelectorAll("svg text").forEach(function (label) {
      if (label.textContent.trim() && shown(label)) {
        found.push({ node: label, element: label, text: label.textContent.trim().slice(0, 50) });
      }
    });
    return found;
  }

  function boxes() {
    return texts().flatMap(function (one) {
      var rectangles = [one.node];
      if (one.node.nodeType === Node.TEXT_NODE) {
        var range = document.createRange();
        range.selectNodeContents(one.node);
        rectangles = Array.from(range.getClientRects());
      } else {
        rectangles = [one.node.getBoundingClientRect()];
      }
      return rectangles.map(function (box) { return Object.assign({ whose: one }, within(one.element, box)); })
        .filter(function (box) { return box.right - box.left > 1 && box.bottom - box.top > 1; });
    });
  }

  function stuck(element) {
    /* Whether it stays in sight while what is beneath it scrolls away, on a ground of its own. */
    for (var outer = element; outer; outer = outer.parentElement) {
      if (getComputedStyle(outer).position === "sticky") { return true; }
    }
    return false;
  }

  function related(one, other) {
    return one.node === other.node || one.element.contains(other.element) || other.element.contains(one.element)
      || stuck(one.element) !== stuck(other.element);
  }

  function overlaps() {
    /* Pairs of texts that lie over each other by more than 1.5 x 3 px. */
    var found = [];
    var sorted = boxes().sort(function (one, other) { return one.top - other.top; });
    sorted.forEach(function (one, place) {
      for (var next = place + 1; next < sorted.length && sorted[next].top < one.bottom - 3; next += 1) {
        var other = sorted[next];
        var wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        var high = Math.min(one.bottom, other.bottom) - other.top;
        if (wide > 1.5 && high > 3 && !related(one.whose, other.whose)) {
          var by = " (" + Math.round(wide) + " x " + Math.round(high) + ")";
          found.push(one.whose.text + " / " + other.whose.text + by);
        }
      }
    });
    return found;
  }

  function outside() {
    var width = document.documentElement.clientWidth;
    var found = boxes().filter(function (box) { return box.right > width + 1 || (box.left < -1 && box.right > 0); })
      .map(function (box) { return box.whose.text; });
    var wide = document.documentElement.scrollWidth;
    return wide > width ? found.concat("the page is " + wide + " px wide") : found;
  }

  function colour(text) {
    /* Red, green and blue from 0 to 1, and how much they cover. */
    var parts = (text.match(/-?[\d.]+(?:e-?\d+)?/g) || []).map(Number);
    if (text.startsWith("color(")) { return [parts[0], parts[1], parts[2], parts.length > 3 ? parts[3] : 1]; }
    return [parts[0] / 255, parts[1] / 255, parts[2] / 255, parts.length > 3 ? parts[3] : 1];
  }

  function over(top, ground) {
    return [0, 1, 2].map(function (place) { return top[place] * top[3] + ground[place] * (1 - top[3]); }).concat(1);
  }

  function covering(element) {
    /* A sibling that lies behind: the bar in which a name stands. */
    var box = element.getBoundingClientRect();
    return Array.from(element.parentElement.children).filter(function (other) {
      var behind = other.getBoundingClientRect();
      return other !== element && !other.textContent.trim() && behind.left <= (box.left + box.right) / 2
        && behind.right >= (box.left + box.right) / 2 && behind.top < box.bottom && behind.bottom > box.top;
    });
  }

  function ground(element) {
    var bar = covering(element).map(function (behind) { return colour(getComputedStyle(behind).backgroundColor); })
      .find(function (layer) { return layer[3] > 0.99; });
    if (bar) { return bar; }
    var layers = [];
    for (var node = element; node; node = node.parentElement) {
      layers.push(colour(getComputedStyle(node).backgroundColor));
      if (layers[layers.length - 1][3] > 0.99) { break; }
    }
    return layers.reverse().reduce(function (below, layer) { return over(layer, below); }, [1, 1, 1, 1]);
  }

  function beneath(label) {
    /* The colours on which a label of a drawing stands: its halo, else the last shape drawn before it, else the box. */
    var halo = getComputedStyle(label).stroke;
    if (halo !== "none" && colour(halo)[3] > 0.5) { return colour(halo); }
    var box = label.getBoundingClientRect();
    var middle = new DOMPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    return Array.from(label.ownerSVGElement.querySelectorAll("path, rect, circle")).filter(function (shape) {
      return shape.compareDocumentPosition(label) & Node.DOCUMENT_POSITION_FOLLOWING && shown(shape)
        && getComputedStyle(shape).fill.startsWith("rgb") && shape.getScreenCTM()
        && shape.isPointInFill(middle.matrixTransform(shape.getScreenCTM().inverse()));
    }).reduce(function (below, shape) {
      var style = getComputedStyle(shape);
      var fill = colour(style.fill);
      fill[3] *= Number(style.fillOpacity) * Number(style.opacity);
      return over(fill, below);
    }, ground(label.ownerSVGElement.parentElement));
  }

  function light(colours) {
    return [0.2126, 0.7152, 0.0722].reduce(function (sum, part, place) {
      var value = colours[place];
      return sum + part * (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
    }, 0);
  }

  function pale() {
    /* Texts that stand out from their ground by less than 4.5 to 1; from 24 px on, 3 to 1 (WCAG 2.2, 1.4.3). */
    return texts().flatMap(function (one) {
      var style = getComputedStyle(one.element);
      var inside = one.element instanceof SVGElement;
      if (one.element.closest(":disabled, [aria-disabled=true]")) { return []; }
      var below = inside ? beneath(one.element) : ground(one.element);
      var front = colour(inside ? style.fill : style.color);
      front[3] *= Number(style.opacity) * (inside ? Number(style.fillOpacity) : 1);
      var pair = [light(over(front, below)), light(below)].sort(function (a, b) { return b - a; });
      var ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
      var size = parseFloat(style.fontSize);
      var large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      return ratio < (large ? 3 : 4.5) - 0.005 ? [ratio.toFixed(2) + " " + one.text] : [];
    });
  }

  function small() {
    /* Controls that a finger would miss: under 24 px. A link within a sentence is as high as its line. */
    var controls = "button, summary, select, textarea, input:not([type=hidden]), nav a, th a, [role=button], [role=tab]";
    return Array.from(document.querySelectorAll(controls)).filter(shown).flatMap(function (control) {
      var label = control.labels && control.labels.length ? control.labels[0].getBoundingClientRect() : null;
      var own = control.getBoundingClientRect();
      var box = label && label.height > own.height ? label : own;
      var said = (control.textContent || control.name).trim().slice(0, 40);
      return box.width && (box.width < 23.5 || box.height < 23.5)
        ? [Math.round(box.width) + " x " + Math.round(box.height) + " " + said] : [];
    });
  }

  function headings() {
    /* One h1 before all, and no level left out on the way down; of what is hidden nothing is asked. */
    var all = Array.from(document.querySelectorAll("h1, h2, h3, h4, h5, h6")).filter(function (one) {
      return !one.closest("[hidden]");
    });
    var found = all.length && all[0].tagName !== "H1" ? ["begins with " + all[0].tagName] : [];
    all.forEach(function (one, place) {
      var before = place ? Number(all[place - 1].tagName[1]) : 0;
      if (Number(one.tagName[1]) > before + 1) {
        found.push(one.tagName + " after H" + before + ": " + one.textContent.trim().slice(0, 50));
      }
    });
    return found;
  }

  function landmarks() {
    /* One main; all that is read lies in a landmark. */
    var places = "main, header, footer, nav, aside, section[aria-labelledby], section[aria-label], .skip";
    var mains = document.querySelectorAll("main").length;
    var found = mains === 1 ? [] : [mains + " main"];
    texts().forEach(function (one) {
      if (!one.element.closest(places)) {
        found.push("outside all landmarks: " + one.text);
      }
    });
    return found;
  }

  function stops() {
    /* What the Tab key should come to, of each group of radio buttons one. */
    var groups = {};
    var all = document.querySelectorAll("a[href], button, summary, select, textarea, input, [tabindex]");
    return Array.from(all).filter(function (one) {
      var seen = one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
      if (one.disabled || one.tabIndex < 0 || !seen) { return false; }
      if (one.type !== "radio") { return true; }
      var first = !groups[one.name];
      groups[one.name] = true;
      return first;
    });
  }

  function name(one) {
    if (one.type === "radio") { return "radio " + one.name; }
    var said = one.getAttribute("aria-label") || one.textContent || one.name || one.id;
    return one.tagName.toLowerCase() + " " + said.trim().replace(/\s+/g, " ").slice(0, 60);
  }

  function ringed(one) {
    /* Whether one sees that something has the focus: an outline or a shadow, on itself or on its label. */
    var around = [one].concat(Array.from(one.labels || []), one.parentElement, one.nextElementSibling);
    return around.filter(Boolean).some(function (node) {
      var style = getComputedStyle(node);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
    });
  }

  function shift() {
    /* By how much the page moved under its reader since it was opened (Cumulative Layout Shift). */
    return new Promise(function (resolve) {
      var sum = 0;
      var add = function (entries) {
        entries.forEach(function (one) { sum += one.hadRecentInput ? 0 : one.value; });
      };
      var watch = new PerformanceObserver(function (list) { add(list.getEntries()); });
      watch.observe({ type: "layout-shift", buffered: true });
      window.setTimeout(function () { add(watch.takeRecords()); watch.disconnect(); resolve(sum); }, 100);
    });
  }

  return {
    overlaps: overlaps, outside: outside, pale: pale, small: small, headings: headings, landmarks: landmarks,
    stops: function () { return stops().map(name); },
    focused: function () {
      var one = document.activeElement;
      var none = one === document.body || one === document.documentElement;
      return none ? null : { name: name(one), ringed: ringed(one) };
    },
    shift: shift
  };
})();
