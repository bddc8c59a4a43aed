// Turns a form[data-upload] into a drop zone with a progress bar, and a form[data-batch] into one for many files and whole
// folders with a bar for each. A small file goes as a raw request body, which costs the server a quarter of a multipart
// form; a large one, and each of a batch, goes in parts (parts.js). Without scripts the same forms are plain POSTs.
"use strict";

const ONE_BODY = 24 * 1048576;
const AT_ONCE = 3;

const make = (name, className, words = "") => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = words;
  return element;
};
const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
// Several names travel in one header, which a server takes no longer than 8 KB.
const NAME = 24;
const shortened = (name) => ([...name].length > NAME ? `${[...name].slice(0, NAME - 9).join("")}…${[...name].slice(-8).join("")}` : name);
const tokenOf = (form) => form.querySelector("[name=csrf_token]").value;

function accept(zone, onDrop) {
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    onDrop(event.dataTransfer);
  });
}

function gauge(texts) {
  const bar = make("progress", "");
  const line = make("p", "soft mb-0");
  line.setAttribute("role", "status");
  bar.max = 100;
  bar.setAttribute("aria-label", texts.textSending);
  return {
    bar,
    line,
    show(sent, total) {
      bar.value = total ? (100 * sent) / total : 100;
      line.textContent = `${texts.textSending} ${Math.floor(bar.value)}% · ${size(sent)} / ${size(total)}`;
    },
  };
}

// The files of one version and the other fields of their form. One small file goes as a raw body; a large one, and each of
// several, goes in parts, and the form follows when all of them are there.
function equip(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const text = form.dataset;
  if (!input) return;
  const way = { url: text.partsUrl, token: tokenOf(form), texts: text };
  let lines = [];
  let busy = false;
  const handedOver = []; // the names of a form whose files go one by one

  const zone = make("div", "drop-zone");
  const hint = make("p", "", input.multiple ? text.textDropMany : text.textDrop);
  const list = make("ul", "upload-list");
  const told = make("p", "soft mb-0");
  const error = make("p", "field-error");
  const stop = make("button", "btn btn-sm btn-outline-danger", text.textStop);
  stop.type = "button";
  stop.hidden = true;
  error.setAttribute("role", "alert");
  told.setAttribute("role", "status");
  const home = input.closest(".field") || input;
  home.before(zone);
  zone.append(home, hint);
  zone.after(list);
  form.querySelector(".submit-row").before(error, told, stop);

  const choose = (files) => {
    lines = files.map((file) => {
      const { bar, line, show } = gauge(text);
      const item = make("li", "");
      const remove = make("button", "btn btn-sm btn-link text-danger", text.textRemove);
      const one = { file, item, line, show, remove, way: null, address: "" };
      remove.type = "button";
      remove.append(make("span", "visually-hidden", ` ${file.name}`));
      remove.addEventListener("click", () => choose(lines.filter((other) => other !== one).map((other) => other.file)));
      bar.value = 0;
      one.show = (sent) => { bar.hidden = false; show(sent, file.size); };
      one.rest = () => { bar.hidden = true; line.textContent = size(file.size); };
      one.rest();
      item.append(make("span", "upload-name", file.name), bar, line, remove);
      return one;
    });
    list.replaceChildren(...lines.map((one) => one.item));
    error.textContent = "";
  };
  const rest = () => {
    busy = false;
    stop.hidden = true;
    button.disabled = false;
    told.textContent = "";
    for (const one of lines) {
      one.remove.hidden = false;
      if (!one.way) one.rest(); // what was refused isn't on its way any more; parts keep their word
    }
  };
  const fail = (message) => {
    rest();
    error.textContent = message;
  };
  // A header carries only Latin letters: everything else travels percent-encoded.
  const fields = (changes = {}) => {
    const others = new FormData(form);
    others.delete(input.name);
    others.delete("csrf_token");
    for (const [name, value] of Object.entries(changes)) others.set(name, value);
    return encodeURIComponent(JSON.stringify(Object.fromEntries(others)));
  };
  const finish = (reply) => {
    let answer = {};
    try {
      answer = JSON.parse(reply.responseText);
    } catch {
      answer = {};
    }
    if (reply.status > 0 && reply.status < 300 && answer.location) {
      for (const one of lines) one.way?.forget?.();
      busy = false;
      window.location.assign(answer.location);
    } else fail(answer.error || (reply.status === 413 ? text.textLarge : text.textFailed));
  };
  const submit = (headers, body, onProgress, told = fields()) => {
    const all = { "Content-Type": "application/octet-stream", "X-Upload-Fields": told, ...headers };
    return ask(way, text.uploadMethod || "POST", text.uploadUrl, all, body, onProgress);
  };
  const sendPart = async (one) => {
    const ticked = form.querySelector("[name=unclassified]")?.checked;
    one.way = {
      ...way,
      stopped: false,
      told: { engagement: text.engagement, unclassified: ticked ? "y" : "" },
      onProgress: one.show,
      onCut: () => { one.line.textContent = text.textAgain; },
    };
    if (way.stopped) throw new Stopped();
    try {
      one.address = await sendInParts(one.file, one.way);
    } catch (cause) {
      one.line.textContent = cause instanceof Stopped ? text.textStopped : cause.message;
      throw cause;
    }
    one.line.textContent = `${size(one.file.size)} · ${text.textSent}`;
  };
  // Each file is a record of its own: what has arrived stays, and the next sending begins behind it.
  const sendEach = async () => {
    const once = form.querySelector("[name=once]").value;
    for (;;) {
      const [one] = lines;
      one.show(0);
      const told = fields({ once: handedOver.length ? `${once}-${handedOver.length}` : once });
      const headers = { "X-File-Name": encodeURIComponent(one.file.name), "X-Files-Left": String(lines.length - 1), "X-Files-Before": encodeURIComponent(JSON.stringify(handedOver)) };
      const reply = await submit(headers, one.file, one.show, told);
      const arrived = reply.status > 0 && reply.status < 300;
      if (!arrived && form.querySelectorAll(".upload-name").length > 1) throw new Error(`${one.file.name}: ${wordsOf(reply, text.textFailed)}`);
      if (!arrived || lines.length === 1) return reply;
      handedOver.push(shortened(one.file.name));
      one.line.textContent = `${size(one.file.size)} · ${text.textSent}`;
      lines = lines.slice(1);
    }
  };
  const send = async () => {
    const [first] = lines;
    if (!("each" in text) && lines.length === 1 && (first.file.size <= ONE_BODY || !text.partsUrl)) {
      const onProgress = (sent) => {
        first.show(sent);
        if (sent >= first.file.size) told.textContent = text.textChecking;
      };
      first.show(0);
      return submit({ "X-File-Name": encodeURIComponent(first.file.name) }, first.file, onProgress);
    }
    if ("each" in text) return sendEach();
    const waiting = [...lines];
    const worker = async () => { while (waiting.length) await sendPart(waiting.shift()); };
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    const bad = ends.find((end) => end.status === "rejected");
    if (bad) throw bad.reason;
    told.textContent = text.textChecking;
    return submit({ "X-Upload": lines.map((one) => one.address.split("/").pop()).join(",") }, null);
  };

  stop.addEventListener("click", () => {
    for (const one of [way, ...lines.map((line) => line.way).filter(Boolean)]) {
      one.stopped = true;
      one.running?.abort();
    }
  });
  input.addEventListener("change", () => choose([...input.files]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    if (lines.length === 0) {
      fail(text.textNone);
      return;
    }
    // A large file takes minutes: what is missing beside it is told before, not after.
    const empty = [...form.elements].find((one) => one.required && one !== input && !(one.type === "checkbox" ? one.checked : one.value.trim()));
    if (empty) {
      fail(`${text.textNeeded}${empty.labels[0].textContent.trim()}`);
      empty.focus();
      return;
    }
    busy = true;
    way.stopped = false;
    button.disabled = true;
    stop.hidden = false;
    error.textContent = "";
    for (const one of lines) one.remove.hidden = true;
    send().then(finish).catch((cause) => {
      fail(cause instanceof Stopped ? text.textStopped : cause.message);
      if (cause instanceof Stopped && handedOver.length) window.location.assign(window.location.href); // shows what has arrived
    });
  });
  accept(zone, (dropped) => {
    if (busy || dropped.files.length === 0) return;
    choose(input.multiple ? [...lines.map((one) => one.file), ...dropped.files] : [dropped.files[0]]);
  });
  window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
}

// Files of a drop, with the folder that each lay in.
async function filesOf(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...dropped.files].map((file) => ({ file, folder: "" }));
  const found = [];
  const look = async (entry, folder) => {
    if (entry.isFile) {
      found.push({ file: await new Promise((resolve, reject) => { entry.file(resolve, reject); }), folder });
      return;
    }
    const reader = entry.createReader();
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    for (;;) {
      const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
      if (some.length === 0) return;
      for (const inner of some) await look(inner, path);
    }
  };
  for (const entry of entries) await look(entry, "");
  return found;
}

function folderOf(file) {
  return file.webkitRelativePath ? file.webkitRelativePath.split("/").slice(0, -1).join("/") : "";
}

// Many files: a line with a bar for each; the page with the table opens when all have arrived.
function equipBatch(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const text = form.dataset;
  if (!input) return;
  const lines = [];
  let running = 0;

  const zone = make("div", "drop-zone");
  const list = make("ul", "upload-list");
  const error = make("p", "field-error");
  const folder = input.cloneNode();
  const choose = make("button", "btn btn-sm btn-outline-primary", text.textFolder);
  const goOn = make("a", "btn btn-outline-primary", text.textGoOn);
  folder.removeAttribute("id");
  folder.removeAttribute("name");
  folder.removeAttribute("accept");
  folder.webkitdirectory = true;
  folder.hidden = true;
  choose.type = "button";
  goOn.href = text.doneUrl;
  goOn.hidden = true;
  error.setAttribute("role", "alert");
  const home = input.closest(".field") || input;
  home.before(zone);
  zone.append(home, make("p", "", text.textMany), choose, folder);
  zone.after(list);
  form.querySelector(".submit-row").before(error);
  button.after(" ", goOn);
  input.removeAttribute("name"); // the script sends them

  const add = (files) => {
    for (const { file, folder: place } of files) {
      if (/^(\.ds_store|thumbs\.db|desktop\.ini|~\$.*|\._.*)$/i.test(file.name)) continue;
      lines.push(lineOf(file, place));
    }
    error.textContent = "";
  };
  const lineOf = (file, place) => {
    const { bar, line, show } = gauge(text);
    const item = make("li", "");
    const stop = make("button", "btn btn-sm btn-link text-danger", text.textStop);
    stop.type = "button";
    stop.append(make("span", "visually-hidden", ` ${file.name}`));
    bar.value = 0;
    line.textContent = size(file.size);
    item.append(make("span", "upload-name", place ? `${place}/${file.name}` : file.name), bar, line, stop);
    list.append(item);
    const told = { file, place, item, bar, line, show, stop, state: "waiting", way: null };
    stop.addEventListener("click", () => {
      if (told.state === "refused" && told.mayRetry) { restart(told); return; }
      told.state = "stopped";
      if (told.way) { told.way.stopped = true; told.way.running?.abort(); }
      item.remove();
      settle();
    });
    return told;
  };
  const restart = (told) => {
    told.state = "waiting";
    told.item.classList.remove("bad");
    told.stop.firstChild.textContent = text.textStop;
    goOn.hidden = true;
    pump();
  };
  const refuse = (told, cause) => {
    const final = [413, 422, 200].includes(cause.status);
    told.state = "refused";
    told.mayRetry = !final;
    told.item.classList.add("bad");
    told.line.textContent = cause.message;
    told.stop.firstChild.textContent = final ? text.textRemove : text.textRetry;
  };
  const send = async (told) => {
    const { file } = told;
    told.state = "running";
    told.way = {
      url: text.partsUrl,
      token: tokenOf(form),
      texts: text,
      told: {
        engagement: text.engagement,
        unclassified: "y",
        folder: told.place,
        unpack: form.querySelector("[name=unpack]").checked && /\.zip$/i.test(file.name) ? "y" : "",
      },
      onProgress: (sent) => told.show(sent, file.size),
      onCut: () => { told.line.textContent = text.textAgain; },
    };
    const address = await sendInParts(file, told.way);
    told.line.textContent = text.textChecking;
    const reply = await ask(told.way, "POST", `${address}/check`, {}, null);
    if (reply.status !== 200) {
      if (reply.status === 422) told.way.forget();
      throw new Refused(reply, wordsOf(reply, text.textFailed));
    }
    told.way.forget();
    const answer = await settled(told, address, JSON.parse(reply.responseText));
    const refused = answer.refused || [];
    if (refused.length) throw new Refused(reply, refused.map((one) => `${one.name}: ${one.error}`).join(" "));
    if (answer.error) throw new Refused(reply, answer.error);
    told.state = "ready";
    told.item.classList.add("ok");
    told.line.textContent = text.textReady;
    told.stop.remove();
  };
  // Where a virus scanner speaks later, its word is waited for a while; after that the page with the table shows it.
  const settled = async (told, address, first) => {
    let answer = first;
    for (let turn = 0; answer.waiting && !answer.held && turn < 40; turn += 1) {
      told.line.textContent = text.textWaiting;
      await new Promise((resolve) => { setTimeout(resolve, 750); });
      const reply = await ask(told.way, "POST", `${address}/check`, {}, null);
      if (reply.status === 404) return {}; // an archive that was taken apart
      if (reply.status === 200) answer = JSON.parse(reply.responseText);
    }
    return answer;
  };
  const settle = () => {
    const left = lines.filter((one) => one.state !== "stopped");
    const busy = left.some((one) => one.state === "waiting" || one.state === "running");
    button.disabled = busy && running > 0;
    if (busy || left.length === 0) return;
    goOn.hidden = true;
    if (left.every((one) => one.state === "ready")) window.location.assign(text.doneUrl);
    else goOn.hidden = false;
  };
  const pump = () => {
    for (const told of lines) {
      if (running >= AT_ONCE) break;
      if (told.state !== "waiting") continue;
      running += 1;
      send(told).catch((cause) => { if (!(cause instanceof Stopped)) refuse(told, cause); }).finally(() => {
        running -= 1;
        pump();
        settle();
      });
    }
    settle();
  };

  accept(zone, (dropped) => { filesOf(dropped).then(add); });
  for (const chosen of [input, folder]) {
    chosen.addEventListener("change", () => {
      add([...chosen.files].map((file) => ({ file, folder: folderOf(file) })));
      chosen.value = "";
    });
  }
  choose.addEventListener("click", () => folder.click());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.querySelector("[name=unclassified]").checked) error.textContent = text.textConfirm;
    else if (!lines.some((one) => one.state === "waiting")) error.textContent = text.textNone;
    else {
      error.textContent = "";
      pump();
    }
  });
  window.addEventListener("beforeunload", (event) => { if (running > 0) event.preventDefault(); });
}

document.querySelectorAll("form[data-upload]").forEach(equip);
document.querySelectorAll("form[data-batch]").forEach(equipBatch);
