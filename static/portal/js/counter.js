/* <textarea data-limit="300">: says how much is written. Nothing is cut off; the server decides. */
(() => {
  "use strict";
  // As Python counts: code points, and one for a line end.
  const lengthOf = (text) => Array.from(text.replace(/\r\n/g, "\n")).length;

  const show = (area, line) => {
    const limit = Number(area.dataset.limit);
    const written = lengthOf(area.value);
    const over = written - limit;
    line.textContent = over > 0 ? `已写 ${written} 字，超出 ${over} 字` : `已写 ${written}/${limit} 字`;
    line.classList.toggle("field-count-over", over > 0);
  };

  document.querySelectorAll("textarea[data-limit]").forEach((area) => {
    const line = document.createElement("p");
    line.className = "field-count";
    area.parentNode.insertAdjacentElement("afterend", line);
    area.addEventListener("input", () => show(area, line));
    show(area, line);
  });
})();
