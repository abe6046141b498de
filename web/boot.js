// Starts the face. What the musician did lies with the studio, outside this page: if the face
// cannot start or stops, a reload shows everything again.

import init, * as face from "./face.js";

const notice = document.getElementById("notice");

function tell(what, error) {
  // The first reason is the one that matters; what follows from it is not.
  if (!notice.hidden) return;
  document.getElementById("notice-text").textContent = `${what}\n\n${error}`;
  notice.hidden = false;
}

document.getElementById("notice-reload").addEventListener("click", () => location.reload());

// The page is a window of the studio: what a webview does by itself has no place in it. The face
// still gets every key and button, since only the webview's own answer to it is prevented.
function refuse(target, names, isRefused = () => true) {
  const listen = (event) => {
    if (isRefused(event)) event.preventDefault();
  };
  // Before the face, which keeps events to itself.
  for (const name of names) target.addEventListener(name, listen, { capture: true, passive: false });
}

// Its menu (Back, Reload, Inspect), parts of the page dragged or selected; only the notice, which can
// be copied into a report, is text.
const isNotice = (event) => !notice.hidden && notice.contains(event.target);
refuse(document, ["contextmenu", "dragstart"]);
refuse(document, ["selectstart"], (event) => !isNotice(event) && event.target.localName !== "input");

// Select all, find, print, save, reload, the page's source, zoom; back and forward.
const CTRL_KEYS = new Set(["a", "f", "g", "p", "s", "r", "u", "+", "=", "-", "_", "0", "[", "]"]);
const KEYS = new Set(["F3", "F5", "F7", "BrowserBack", "BrowserForward", "BrowserRefresh", "ZoomIn", "ZoomOut"]);
refuse(window, ["keydown"], (event) => {
  // A key that types.
  if (event.getModifierState("AltGraph")) return false;
  if (event.ctrlKey || event.metaKey) return CTRL_KEYS.has(event.key.toLowerCase());
  if (event.altKey) return event.key === "ArrowLeft" || event.key === "ArrowRight";
  return KEYS.has(event.key);
});
refuse(window, ["mousedown", "mouseup", "auxclick"], (event) => event.button > 2);
refuse(window, ["wheel"], (event) => event.ctrlKey);

// A fault in the face ends its WebAssembly. It says why on the console, then arrives here as an
// uncaught error.
let lastComplaint = "";
const complain = console.error.bind(console);
console.error = (...words) => {
  lastComplaint = words.join(" ");
  complain(...words);
};

window.addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) {
    // The stack below the first lines says nothing to anybody.
    const reason = lastComplaint.split("\n").slice(0, 4).join("\n");
    tell("The window's face has stopped. Your work is saved.", reason || event.message);
  }
});

try {
  await init();
  // What a program that drives the window may ask: ui/src/automation.rs.
  window.face = face;
} catch (error) {
  tell("The window could not start.", error);
}
