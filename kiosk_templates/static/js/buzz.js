// A short buzz for what is new on a tablet: who came in, what a room asks for, and that nobody took
// it on in time. Never for what was there already.

const listed = () => [...document.querySelectorAll("[data-new]")].map((each) => each.dataset.new);
let met = new Set(listed());

document.addEventListener("swingtag:swapped", () => {
  const here = listed();
  // Browsers complain of a page that shakes in a hand that never touched it.
  const mayBuzz = navigator.userActivation?.hasBeenActive ?? true;
  if (mayBuzz && here.some((each) => !met.has(each))) navigator.vibrate?.(60);
  met = new Set([...met, ...here]);
});
