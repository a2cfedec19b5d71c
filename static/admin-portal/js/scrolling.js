/* Says in Chinese what a scrolling area is to who listens instead of looking. It is deferred, so it
   runs before Unfold's own script draws the areas with the English words that it knows. */
document.querySelectorAll("[data-simplebar]").forEach((area) => {
  area.setAttribute("data-simplebar-aria-label", "可滚动的内容");
});
