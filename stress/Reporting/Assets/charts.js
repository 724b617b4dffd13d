// Draws each chart of the page from the figures that stand in it, in the colours of the page.
(function () {
  "use strict";
  var dashes = [[], [8, 4], [2, 4], [12, 4, 2, 4]];
  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function short(value) {
    var size = Math.abs(value);
    return size >= 1e6 ? +(value / 1e6).toPrecision(3) + "M" : size >= 1e4 ? +(value / 1e3).toPrecision(3) + "k"
      : String(+value.toPrecision(4));
  }
  function draw(box) {
    var chart = JSON.parse(box.querySelector("script").textContent);
    var ink = colour("--ink"), rule = colour("--rule");
    var series = [{ label: chart.axis }];
    var names = [];
    chart.series.forEach(function (line) {
      var base = line.name.replace(/ measured$/, "");
      if (names.indexOf(base) < 0) { names.push(base); }
      var n = names.indexOf(base);
      series.push({
        label: line.name, stroke: colour("--c" + (n % 7)), width: 2, spanGaps: true,
        dash: line.isMeasured ? [3, 5] : dashes[n % dashes.length], points: { show: true, size: 6 },
        value: function (u, v) { return v == null ? "-" : short(v); }
      });
    });
    var ticks = chart.ticks;
    var axes = [
      { stroke: ink, grid: { stroke: rule }, ticks: { stroke: rule }, label: chart.axis, labelSize: 22,
        splits: function () { return chart.x; },
        values: function (u, at) {
          var every = Math.max(1, Math.ceil(at.length / Math.max(2, u.width / 60)));
          return at.map(function (x, i) { return i % every ? "" : ticks ? ticks[i] : x; });
        } },
      { stroke: ink, grid: { stroke: rule }, ticks: { stroke: rule }, size: 60,
        values: function (u, at) { return at.map(short); } }
    ];
    var first = chart.x[0], last = chart.x[chart.x.length - 1];
    var space = (last - first) * 0.03 || 1;
    return new uPlot({
      width: Math.max(260, box.clientWidth), height: 280, axes: axes, series: series,
      cursor: { show: false }, legend: { live: false },
      scales: {
        x: { time: false, range: [first - space, last + space] },
        y: { range: function (u, low, high) { return [0, high > 0 ? high * 1.08 : 1]; } }
      }
    }, [chart.x].concat(chart.series.map(function (line) { return line.values; })), box);
  }
  var boxes = [].slice.call(document.querySelectorAll(".chart"));
  var drawn = [];
  function redraw() {
    drawn.forEach(function (plot) { plot.destroy(); });
    drawn = boxes.map(draw);
  }
  redraw();
  // What the reader changes: the width of the window, light or dark, and paper.
  var wait;
  window.addEventListener("resize", function () { clearTimeout(wait); wait = setTimeout(redraw, 100); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  window.matchMedia("print").addEventListener("change", redraw);
})();
