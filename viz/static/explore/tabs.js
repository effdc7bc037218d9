// Tabs after the pattern of WAI-ARIA: arrow keys choose, one panel is shown.

export function tabs(root) {
  const all = [...root.querySelectorAll("[role=tab]")];
  const choose = (tab, focus = false) => {
    for (const other of all) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (focus) tab.focus();
    root.dispatchEvent(new CustomEvent("chosen", { detail: tab.dataset.tab }));
  };
  for (const tab of all) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const here = all.indexOf(tab);
      const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(all[(to + all.length) % all.length], true);
    });
  }
  choose(all[0]);
  return (name) => choose(all.find((tab) => tab.dataset.tab === name));
}
