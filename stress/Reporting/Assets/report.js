// Copies commands, and opens what a link leads into.
(function () {
  "use strict";
  [].forEach.call(document.querySelectorAll("button.copy"), function (button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.previousElementSibling.textContent).then(function () {
        button.textContent = "Copied";
        setTimeout(function () { button.textContent = "Copy"; }, 1500);
      });
    });
  });
  window.addEventListener("beforeprint", function () {
    [].forEach.call(document.querySelectorAll("details.print"), function (details) { details.open = true; });
  });
})();
