// A text field that suggests names while one types: the combobox pattern of WAI-ARIA 1.2.
//
// data-suggest="go": choosing opens the page of what was chosen.
// data-suggest="fill": choosing fills the field; the form then sends the id instead of the name.

const WAIT = 120; // ms without typing before asking
const LABELS = { Firm: "firm", Person: "person", Network: "network" };
let made = 0;

export function suggest(input) {
  const go = input.dataset.suggest === "go";
  const labels = (input.dataset.labels ?? "").split(" ").filter(Boolean);
  const list = document.createElement("ul");
  list.id = `suggestions-${++made}`;
  list.className = "suggestions";
  list.role = "listbox";
  list.ariaLabel = "Suggestions";
  list.hidden = true;
  const box = document.createElement("span");
  box.className = "suggest";
  // Moving a field takes the focus from somebody who types already.
  const typing = document.activeElement === input;
  input.replaceWith(box);
  box.append(input, list);
  if (typing) input.focus();
  const said = document.createElement("span");
  said.className = "hidden";
  said.role = "status";
  box.append(said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  // The field shows a name; what is sent is the id, as long as the name is left as it was chosen.
  const first = { name: input.value, id: input.dataset.id ?? "" };
  let chosen = first;
  if (!go) {
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = input.name;
    input.removeAttribute("name");
    box.append(sent);
    const send = () => {
      const typed = input.value.trim();
      sent.value = typed && chosen.id && typed === chosen.name.trim() ? chosen.id : typed;
    };
    input.addEventListener("input", send);
    input.form?.addEventListener("submit", send);
    input.form?.addEventListener("reset", () => {
      chosen = first;
    });
    send();
  }

  let hits = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    hits = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (place) => {
    active = place;
    for (const [i, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(i === active));
      if (i === active) option.scrollIntoView({ block: "nearest" });
    }
    if (active >= 0) input.setAttribute("aria-activedescendant", list.children[active].id);
    else input.removeAttribute("aria-activedescendant");
  };

  const choose = (hit) => {
    if (go) {
      window.location.assign(input.dataset.go + encodeURIComponent(hit.id).replaceAll("%3A", ":"));
      return;
    }
    chosen = { name: hit.name, id: hit.id };
    input.value = hit.name;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  const show = () => {
    list.replaceChildren(
      ...hits.map((hit, i) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${i}`;
        option.role = "option";
        option.ariaSelected = "false";
        const name = document.createElement("span");
        name.textContent = hit.name;
        const about = document.createElement("span");
        about.className = "small";
        const matched = hit.matched === hit.name ? "" : ` · ${hit.matched}`;
        about.textContent = (LABELS[hit.label] ?? hit.label) + matched;
        option.append(name, about);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(hit);
        });
        return option;
      }),
    );
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    said.textContent = hits.length === 1 ? "1 suggestion" : `${hits.length} suggestions`;
    mark(-1);
  };

  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking?.abort();
    const mine = (asking = new AbortController());
    const query = new URLSearchParams({ q: text, limit: "8" });
    for (const label of labels) query.append("label", label);
    try {
      const answer = await fetch(`${input.dataset.search}?${query}`, {
        signal: mine.signal,
        headers: { accept: "application/json" },
      });
      if (!answer.ok || mine.signal.aborted) return;
      hits = (await answer.json()).hits;
      if (!mine.signal.aborted && document.activeElement === input) show();
    } catch (problem) {
      if (problem.name !== "AbortError") close(); // Without suggestions the form still works.
    }
  };

  input.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        if (event.key === "ArrowDown") ask();
        return;
      }
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((((active + 1 + step) % (hits.length + 1)) + hits.length + 1) % (hits.length + 1) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(hits[active]);
    }
  });
}
