// A short buzz for whatever is new in a list that is fetched again; never for what was there already.

export function buzzForNew(selector, nameOf) {
  const listed = () => [...document.querySelectorAll(selector)].map(nameOf);
  let met = new Set(listed());
  document.addEventListener("swingtag:swapped", () => {
    const here = listed();
    if (here.some((each) => !met.has(each))) navigator.vibrate?.(60);
    met = new Set([...met, ...here]);
  });
}
