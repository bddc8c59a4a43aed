// Small comforts on every page. Nothing here is needed: each page works without it.
"use strict";

// A form is sent once, however often its button is pressed; coming back by the back button wakes it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

// The error summary is read first.
document.querySelector("[data-focus]")?.focus();

// A digest is copied whole, though it is shown short. The clipboard exists only on https and localhost.
function wakeCopyButtons(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
}
wakeCopyButtons(document);
document.addEventListener("live:changed", (event) => wakeCopyButtons(event.target));
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = before; }, 1500);
});

// A print button is useless without scripts, so it is hidden until here.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// A filter that only chooses from lists applies itself.
document.querySelectorAll("form[data-apply]").forEach((form) => {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
});

// On a phone the current tab of both rows is brought into sight.
for (const row of [".tabs", ".subtabs"]) {
  document.querySelector(`${row} .active`)?.scrollIntoView({ block: "nearest", inline: "center" });
}

// A name that is typed by hand gets suggestions: the names that contain it, of those the reader may see.
let asking = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-names]")) return;
  clearTimeout(asking);
  const words = field.value.trim();
  if (!words) {
    field.list.replaceChildren();
    return;
  }
  asking = setTimeout(async () => {
    const reply = await fetch(`${field.dataset.names}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!reply?.ok || field.value.trim() !== words) return;
    const { names } = await reply.json();
    field.list.replaceChildren(...names.map((one) => Object.assign(document.createElement("option"), { value: one.name, label: one.code })));
  }, 200);
});
