// Small pieces that several modules make elements of. Texts go in as text, never as markup.

export function made(name, properties = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") Object.assign(element.dataset, value);
    else if (key.startsWith("aria") || key === "role" || key === "for" || key === "scope") {
      element.setAttribute(key.replace(/^aria(?=[A-Z])/, "aria-").toLowerCase(), value);
    } else element[key] = value;
  }
  element.append(...inside.flat().filter((part) => part !== null && part !== undefined && part !== ""));
  return element;
}

export function button(text, act, properties = {}) {
  const element = made("button", { type: "button", className: "quiet slim", ...properties }, text);
  element.addEventListener("click", act);
  return element;
}

export const plural = (n, one, many = `${one}s`) => `${n.toLocaleString()} ${n === 1 ? one : many}`;

export const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

export function save(content, name, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const fileName = (title, end) =>
  `${title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60).toLowerCase() || "picture"}.${end}`;

export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
export const dark = window.matchMedia("(prefers-color-scheme: dark)");
