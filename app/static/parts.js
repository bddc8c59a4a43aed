// A small client of tus 1.0: a file goes to the server in parts, and on after a cut from where the server has it.
// Used by upload.js. The browser never holds more than a part of a file, and the server's own count is the only truth.
"use strict";

const PART = 16 * 1048576; // each part renews the session, and is on the server's disk when it is answered
const MINUTE = 60000;
const ATTEMPTS = 8; // in a row without a byte of progress
const CUT = new Set([0, 408, 409, 423, 425, 429, 460, 500, 502, 504]);

class Refused extends Error {
  constructor(request, words) {
    super(words);
    this.status = request.status;
  }
}
class Stopped extends Error {}

// One request with progress, which fetch doesn't tell. `way.running` is the one that Stop ends.
// A line that carries nothing for two minutes is dead, whatever the browser still hopes; a slow one may take its time. What
// has arrived is read and stored there before the answer, which may take minutes.
function ask(way, method, address, headers, body, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let dead = false;
    let watch = 0;
    const wait = (milliseconds) => {
      clearTimeout(watch);
      watch = setTimeout(() => { dead = true; request.abort(); }, milliseconds);
    };
    way.running = request;
    request.open(method, address);
    const all = { "Tus-Resumable": "1.0.0", "X-CSRFToken": way.token, "X-Requested-With": "fetch", Accept: "application/json", ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => { wait(2 * MINUTE); onProgress?.(event.loaded); });
    request.upload.addEventListener("load", () => wait(10 * MINUTE));
    for (const kind of ["load", "error"]) request.addEventListener(kind, () => resolve(request));
    request.addEventListener("abort", () => (dead ? resolve(request) : reject(new Stopped())));
    request.addEventListener("loadend", () => clearTimeout(watch));
    wait((body ? 2 : 10) * MINUTE);
    request.send(body);
  });
}

function wordsOf(request, otherwise) {
  try {
    return JSON.parse(request.responseText).error || otherwise;
  } catch {
    return otherwise;
  }
}

function coded(told) {
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(told).filter(([, value]) => value).map(([name, value]) => `${name} ${base64(value)}`).join(",");
}

// Where this very file was sent before, so that another attempt goes on with it, even after the page was closed.
const memory = {
  key: (file, told) => `upload:${told.engagement}:${told.unpack || ""}:${told.folder || ""}/${file.name}:${file.size}:${file.lastModified}`,
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, address) { try { localStorage.setItem(key, address); } catch { /* a private window forgets */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
};

async function announce(file, way) {
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": coded({ ...way.told, filename: file.name }) };
  const reply = await ask(way, "POST", way.url, headers, null);
  if (reply.status !== 201) {
    if (CUT.has(reply.status)) return null;
    throw new Refused(reply, wordsOf(reply, way.texts.textFailed));
  }
  return reply.getResponseHeader("Location");
}

async function measure(address, way) {
  const reply = await ask(way, "HEAD", address, {}, null);
  if (reply.status === 200) return Number(reply.getResponseHeader("Upload-Offset"));
  return [403, 404, 410].includes(reply.status) ? -1 : null; // -1: it is gone; null: nobody answered
}

function pause(failures) {
  return new Promise((resolve) => {
    const end = () => { window.removeEventListener("online", end); clearTimeout(timer); resolve(); };
    const timer = setTimeout(end, Math.min(30000, 500 * 2 ** failures));
    window.addEventListener("online", end);
  });
}

// Send the file and return its address; `way` = {url, token, told, texts, onProgress(bytes), onCut()}.
async function sendInParts(file, way) {
  const key = memory.key(file, way.told);
  let address = memory.get(key);
  let offset = null;
  let failures = 0;
  let known = -1;
  while (offset === null || offset < file.size) {
    if (way.stopped) throw new Stopped();
    if (failures > 0) {
      if (failures > ATTEMPTS) throw new Refused({ status: 0 }, way.texts.textFailed);
      way.onCut();
      await pause(failures);
    }
    failures += 1;
    if (!address) {
      address = await announce(file, way);
      if (!address) continue;
      memory.set(key, address);
      offset = 0;
    }
    if (offset === null) {
      offset = await measure(address, way);
      if (offset === null) continue;
      if (offset < 0) {
        memory.drop(key);
        address = offset = null;
        continue;
      }
      if (offset > known) failures = 1;
      known = offset;
    }
    const start = offset;
    way.onProgress(start);
    if (start >= file.size) break;
    const headers = { "Upload-Offset": String(start), "Content-Type": "application/offset+octet-stream" };
    const piece = file.slice(start, start + PART);
    const reply = await ask(way, "PATCH", address, headers, piece, (sent) => way.onProgress(Math.min(start + sent, file.size)));
    if (reply.status === 204) {
      offset = Number(reply.getResponseHeader("Upload-Offset"));
      failures = 0;
    } else if (CUT.has(reply.status) || reply.status === 503 || reply.status === 410) {
      offset = null;
    } else {
      throw new Refused(reply, wordsOf(reply, way.texts.textFailed));
    }
  }
  way.onProgress(file.size);
  way.forget = () => memory.drop(key);
  return address;
}
