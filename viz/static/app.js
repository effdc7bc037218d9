// What every page needs: suggestions in name fields, pictures, and forms that keep addresses short.
import { suggest } from "./suggest.js";
import "./picture.js";
import "./locale.js";

for (const input of document.querySelectorAll("input[data-suggest]")) suggest(input);

// A form sends only what differs from the usual, so that addresses can be read and shared.
for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", () => {
    const off = [];
    for (const field of form.elements) {
      if (!field.name) continue;
      const usual = { max_steps: "3", limit: "10" }[field.name];
      const empty = field.value.trim() === "";
      if (empty ? !field.required : field.value === usual) off.push(field);
    }
    const kinds = [...form.querySelectorAll("input[name=kinds]")];
    if (kinds.every((box) => box.checked) || kinds.every((box) => !box.checked)) off.push(...kinds);
    for (const field of off) field.disabled = true;
    // Going back to this page must find the fields usable.
    setTimeout(() => off.forEach((field) => (field.disabled = false)), 0);
  });
}

// Going back shows what the address says, not what was being changed when the page was left.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) for (const form of document.querySelectorAll("form")) form.reset();
});

// Pointing at a way, or reaching it with the keyboard, shows it in the picture.
for (const way of document.querySelectorAll("[data-path]")) {
  const show = (event) => {
    event.stopPropagation();
    document.dispatchEvent(new CustomEvent("way", { detail: JSON.parse(way.dataset.path) }));
  };
  const hide = (event) => {
    if (event.relatedTarget instanceof Node && way.contains(event.relatedTarget)) return;
    document.dispatchEvent(new CustomEvent("way", { detail: null }));
  };
  way.addEventListener("mouseover", show);
  way.addEventListener("focusin", show);
  way.addEventListener("mouseleave", hide);
  way.addEventListener("focusout", hide);
}
