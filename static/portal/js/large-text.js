/* The switch is kept in a cookie, so that the server sets the class and nothing jumps. */
(() => {
  "use strict";
  const root = document.documentElement;
  const year = 365 * 24 * 60 * 60;

  const isLarge = () => /(^|; )portal_text=large(;|$)/.test(document.cookie);

  const apply = (large) => {
    root.classList.toggle("large-text", large);
    document.querySelectorAll("[data-large-text]").forEach((button) => {
      button.setAttribute("aria-pressed", String(large));
      button.textContent = large ? "恢复普通字号" : "大字显示";
    });
  };

  const remember = (large) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const value = large ? `large; Max-Age=${year}` : "; Max-Age=0";
    document.cookie = `portal_text=${value}; Path=/; SameSite=Lax${secure}`;
  };

  apply(isLarge());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-large-text]")) { return; }
    const large = !root.classList.contains("large-text");
    remember(large);
    apply(large);
  });
})();
