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

// The webview's own menu (Back, Reload, Inspect) has no place in the studio.
document.addEventListener("contextmenu", (event) => event.preventDefault());

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
  tell("The window's face could not start.", error);
}
