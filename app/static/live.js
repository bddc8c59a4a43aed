// Keeps [data-live] regions fresh: a conditional GET every second, and the server's own fragment on change.
// Never while the page is hidden, never under a field that somebody is in; slower and slower while the server is away.
"use strict";

const EVERY = 1000; // with the answer's own time a change is seen within two seconds
const SLOWEST = 60000;

function watch(region) {
  let tag = region.dataset.liveEtag || "";
  let wait = EVERY;
  let timer = 0;

  const say = (state, text) => {
    document.querySelectorAll("[data-live-status]").forEach((line) => {
      if (line.dataset.state === state) return;
      line.dataset.state = state;
      line.textContent = line.dataset[text] || "";
    });
  };

  const busy = () => region.contains(document.activeElement)
    && document.activeElement.matches("input:not([type=checkbox]), select, textarea, button, [contenteditable]");

  const show = async (answer) => {
    const html = await answer.text();
    if (busy()) return;
    const before = document.activeElement;
    const key = region.contains(before) && (before.id || before.getAttribute("href"));
    const ticked = [...region.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.id);
    region.innerHTML = html;
    ticked.forEach((id) => { const box = id && document.getElementById(id); if (box) box.checked = true; });
    tag = answer.headers.get("ETag") || "";
    if (key) region.querySelector(`[id="${CSS.escape(key)}"], [href="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    region.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
  };

  const ask = async () => {
    try {
      const headers = tag ? { "If-None-Match": tag, "X-Fragment": "1" } : { "X-Fragment": "1" };
      const answer = await fetch(region.dataset.liveUrl, { headers, cache: "no-store", redirect: "manual" });
      if (answer.type === "opaqueredirect") { // to the sign-in page: this session is over
        say("lost", "liveOut");
        timer = setTimeout(ask, SLOWEST);
        return;
      }
      if (answer.status === 200) await show(answer);
      else if (answer.status !== 304) throw new Error(String(answer.status));
      wait = EVERY;
      say("on", "liveOn");
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
      say("lost", "liveLost");
    }
    timer = setTimeout(ask, wait);
  };

  const follow = () => {
    clearTimeout(timer);
    if (document.hidden) say("paused", "livePaused");
    else ask();
  };

  document.addEventListener("visibilitychange", follow);
  if (!document.hidden) {
    say("on", "liveOn");
    timer = setTimeout(ask, EVERY);
  }
}

document.querySelectorAll("[data-live]").forEach(watch);
