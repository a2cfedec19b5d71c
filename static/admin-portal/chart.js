/* Draws stacked bars, a month each, from the JSON that the canvas names: labels, series of counts. */
(() => {
  "use strict";
  const draw = (canvas) => {
    const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const sum = (at) => data.series.reduce((total, each) => total + each.values[at], 0);
    window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    window.Chart.defaults.color = colour("grey");
    return new window.Chart(canvas, {
      type: "bar",
      data: {
        labels: data.labels,
        datasets: data.series.map((each) => ({
          label: each.label,
          counts: each.values,
          data: each.values.map((value, at) => (sum(at) ? (value * 100) / sum(at) : 0)),
          backgroundColor: colour(each.tone),
          maxBarThickness: 20,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: { position: "bottom", labels: { boxWidth: 10, boxHeight: 10 } },
          tooltip: { callbacks: { label: (item) => `${item.dataset.label} ${item.dataset.counts[item.dataIndex]} 项` } },
        },
        scales: {
          y: { stacked: true, min: 0, max: 100, ticks: { stepSize: 25, callback: (value) => `${value}%` }, grid: { color: colour("sunk") }, border: { display: false } },
          x: { stacked: true, ticks: { autoSkip: false, maxRotation: 0, font: { size: 11 } }, grid: { display: false } },
        },
      },
    });
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  });
})();
