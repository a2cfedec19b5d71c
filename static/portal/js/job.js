/* <section data-job> of a job that still runs: fetched again every two seconds until it has ended.
   data-job-url: the address to ask, by default the page's own. */
(() => {
  "use strict";
  const pause = 2000;

  const read = (text) => new DOMParser().parseFromString(text, "text/html").querySelector("[data-job]");

  const renew = () => {
    const shown = document.querySelector("[data-job=running]");
    if (!shown) { return; }
    fetch(shown.dataset.jobUrl || window.location.href, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((text) => {
        const now = text && read(text);
        if (now) { shown.replaceWith(document.importNode(now, true)); }
      })
      .catch(() => undefined)
      .then(() => setTimeout(renew, pause));
  };

  setTimeout(renew, pause);
})();
