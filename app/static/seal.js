// Seals a bid in the browser: what is typed never leaves it unencrypted. The same as
// app/procurement/sealing.py: P-256 with both officers' keys, SHA-256, AES-256-GCM. The plan's file
// is encrypted under a key of its own, which lies in the envelope.
"use strict";
(() => {
  const form = document.querySelector("form[data-seal]");
  if (!form || !window.crypto || !window.crypto.subtle) return;
  const open = document.querySelector("[data-seal-open]");
  const price = document.querySelector("[data-seal-price]");
  const plan = document.querySelector("[data-seal-plan]");
  const file = document.querySelector("[data-seal-file]");
  const box = form.querySelector("input[name=box]");
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

  const about = new TextEncoder().encode(form.dataset.lot);

  async function sealFile(chosen) {
    const data = await chosen.arrayBuffer();
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, data);
    const given = new DataTransfer();
    given.items.add(new File([closed], "plan.sealed"));
    box.files = given.files;
    const told = { name: chosen.name, sha256: hex(await crypto.subtle.digest("SHA-256", data)), key: hex(raw), iv: hex(iv) };
    return [told, hex(await crypto.subtle.digest("SHA-256", closed))];
  }

  async function seal(told, digestOfFile) {
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
    const plain = new TextEncoder().encode(JSON.stringify(told));
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, plain);
    const point = await crypto.subtle.exportKey("raw", own.publicKey);
    const envelope = { v: "xingping-bid/1", key: hex(point), iv: hex(iv), box: base64(closed) };
    return JSON.stringify(digestOfFile ? { ...envelope, file: digestOfFile } : envelope);
  }

  open.hidden = false;
  const raw = form.querySelector("[data-seal-raw]");
  raw.open = Boolean(raw.querySelector(".field-error"));
  form.addEventListener("submit", async (event) => {
    if (area.value.trim() && !price.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const fen = Math.round(Number(price.value.replace(/,/g, "")) * 100);
    if (!Number.isSafeInteger(fen) || fen <= 0) {
      status.textContent = form.dataset.textPrice;
      price.focus();
      return;
    }
    const chosen = file.files[0];
    if (chosen && (chosen.size > Number(file.dataset.most) || !chosen.name.toLowerCase().endsWith(".pdf"))) {
      status.textContent = form.dataset.textFile;
      file.focus();
      return;
    }
    const told = { price_fen: fen, plan: plan.value };
    let digestOfFile = "";
    if (chosen) [told.file, digestOfFile] = await sealFile(chosen);
    area.value = await seal(told, digestOfFile);
    status.textContent = form.dataset.textSealed;
    // Without an event: the page's guard against sending twice has seen this form once already.
    HTMLFormElement.prototype.submit.call(form);
  }, true);
})();
