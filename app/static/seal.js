// Seals a bid in the browser: what is typed never leaves it unencrypted. The same as
// app/procurement/sealing.py: P-256 with both officers' keys, SHA-256, AES-256-GCM.
"use strict";
(() => {
  const form = document.querySelector("form[data-seal]");
  if (!form || !window.crypto || !window.crypto.subtle) return;
  const open = document.querySelector("[data-seal-open]");
  const price = document.querySelector("[data-seal-price]");
  const plan = document.querySelector("[data-seal-plan]");
  const area = form.querySelector("textarea[name=envelope]");
  const status = document.querySelector("[data-seal-status]");
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (data) => Array.from(new Uint8Array(data), (b) => b.toString(16).padStart(2, "0")).join("");
  const base64 = (data) => {
    let text = "";
    new Uint8Array(data).forEach((b) => { text += String.fromCharCode(b); });
    return btoa(text);
  };

  async function seal(told) {
    const own = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
    const parts = [new TextEncoder().encode("bid-key/v1\0")];
    for (const point of form.dataset.keys.split(":")) {
      const key = await crypto.subtle.importKey("raw", bytes(point), curve, false, []);
      parts.push(new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: key }, own.privateKey, 256)));
    }
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    parts.forEach((part) => { whole.set(part, at); at += part.length; });
    const digest = await crypto.subtle.digest("SHA-256", whole);
    const key = await crypto.subtle.importKey("raw", digest, "AES-GCM", false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const about = new TextEncoder().encode(form.dataset.lot);
    const plain = new TextEncoder().encode(JSON.stringify(told));
    const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, plain);
    const point = await crypto.subtle.exportKey("raw", own.publicKey);
    return JSON.stringify({ v: "xingping-bid/1", key: hex(point), iv: hex(iv), box: base64(box) });
  }

  open.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (area.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const fen = Math.round(Number(price.value.replace(/,/g, "")) * 100);
    if (!Number.isSafeInteger(fen) || fen <= 0) {
      status.textContent = form.dataset.textPrice;
      price.focus();
      return;
    }
    area.value = await seal({ price_fen: fen, plan: plan.value });
    status.textContent = form.dataset.textSealed;
    // Without an event: the page's guard against sending twice has seen this form once already.
    HTMLFormElement.prototype.submit.call(form);
  }, true);
})();
