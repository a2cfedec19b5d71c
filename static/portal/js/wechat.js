/* WeChat's own browser can't save files: say how to open the page in another one. */
(() => {
  "use strict";
  if (!/MicroMessenger/i.test(navigator.userAgent)) { return; }
  document.documentElement.classList.add("in-wechat");
  document.querySelectorAll("[data-wechat-hint]").forEach((hint) => { hint.hidden = false; });
})();
