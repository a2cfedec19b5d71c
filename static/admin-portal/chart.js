/* Draws the completion of the year's months from the JSON that the canvas names. */
(() => {
  "use strict";
  const draw = (canvas) => {
    const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    return new window.Chart(canvas, {
      type: "bar",
      data: {
        labels: data.labels,
        datasets: [{ label: "完成率（%）", data: data.values, backgroundColor: colour("--green"), maxBarThickness: 28 }],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales: {
          y: { min: 0, max: 100, ticks: { stepSize: 25, color: colour("--grey") }, grid: { color: colour("--line") } },
          x: { ticks: { color: colour("--grey") }, grid: { display: false } },
        },
      },
    });
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  });
})();
