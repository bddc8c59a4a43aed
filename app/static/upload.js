// Turns a form[data-upload] into a drop zone with a progress bar. The file goes as a raw request body, which costs the
// server a quarter of a multipart form; the other fields travel beside it. Without scripts the same form is a plain POST.
"use strict";

function equip(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const text = form.dataset;
  if (!input) return;
  let request = null;

  const make = (name, className, role) => {
    const element = document.createElement(name);
    element.className = className;
    if (role) element.setAttribute("role", role);
    return element;
  };
  const zone = make("div", "drop-zone");
  const chosen = make("p", "");
  const progress = make("div", "upload-progress");
  const bar = make("progress", "");
  const line = make("p", "soft mb-0", "status");
  const error = make("p", "field-error", "alert");
  const stop = make("button", "btn btn-sm btn-outline-danger");
  stop.type = "button";
  stop.textContent = text.textStop;
  bar.max = 100;
  bar.setAttribute("aria-label", text.textSending);
  progress.hidden = true;
  progress.append(bar, line, stop);
  const home = input.closest(".field") || input;
  home.before(zone);
  zone.append(home, chosen);
  form.querySelector(".submit-row").before(error, progress);

  const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const showChoice = () => {
    const file = input.files[0];
    chosen.textContent = file ? `${file.name} · ${size(file.size)}` : text.textDrop;
  };
  const fail = (message) => {
    request = null;
    progress.hidden = true;
    button.disabled = false;
    error.textContent = message;
  };
  const finish = () => {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = {};
    }
    if (request.status < 300 && answer.location) window.location.assign(answer.location);
    else fail(answer.error || (request.status === 413 ? text.textLarge : text.textFailed));
  };
  const fields = () => {
    const others = new FormData(form);
    others.delete(input.name);
    others.delete("csrf_token");
    return JSON.stringify(Object.fromEntries(others));
  };
  // A header carries only Latin letters: everything else travels percent-encoded.
  const send = (file) => {
    error.textContent = "";
    request = new XMLHttpRequest();
    request.open(text.uploadMethod || "POST", text.uploadUrl);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrf_token]").value);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("X-Upload-Fields", encodeURIComponent(fields()));
    request.setRequestHeader("X-Requested-With", "fetch");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (100 * event.loaded) / event.total;
      line.textContent = `${text.textSending} ${Math.floor(bar.value)}% · ${size(event.loaded)} / ${size(event.total)}`;
    });
    request.upload.addEventListener("load", () => { line.textContent = text.textChecking; });
    request.addEventListener("load", finish);
    request.addEventListener("error", () => fail(text.textFailed));
    request.addEventListener("abort", () => fail(text.textStopped));
    bar.value = 0;
    progress.hidden = false;
    button.disabled = true;
    request.send(file);
  };

  stop.addEventListener("click", () => request?.abort());
  input.addEventListener("change", showChoice);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (request) return;
    if (input.files[0]) send(input.files[0]);
    else fail(text.textNone);
  });
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    showChoice();
  });
  window.addEventListener("beforeunload", (event) => { if (request && request.readyState < 4) event.preventDefault(); });
  showChoice();
}

document.querySelectorAll("form[data-upload]").forEach(equip);
