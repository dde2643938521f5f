// Reads the code of a label with the phone's camera. Every picture is read in this page and then
// overwritten by the next; what leaves is the number, as if it had been typed into the form below.
//
// Browsers that read codes by themselves do; the others load the reader that is served beside this.

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "qr_code", "data_matrix", "code_128"];
const EVERY = 120;
const SLOW = 8_000;
// Codes of a shop's goods, as the server knows them: an address with a GTIN, or elements with one.
const GOODS = /\/01\/\d{8,14}(?:[/?#]|$)|(?:^(?:\][A-Za-z]\d)?\x1d?|\x1d)01\d{14}|\(01\)\d{14}/;
const NUMBERS = ["ean_13", "ean_8", "upc_a", "upc_e"];

const finder = document.querySelector("[data-finder]");
const form = document.querySelector("[data-typed]");
const video = finder.querySelector("video");
const [says, open, torch, close] = ["says", "open", "torch", "close"].map((name) =>
  finder.querySelector(`[data-${name}]`),
);
let stream;

// --- two readers with one voice: a picture in, [{format, text}] out ------------------------------

async function ownReader() {
  const known = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (!known?.includes("ean_13") || !known.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: FORMATS.filter((each) => known.includes(each)) });
  return async (picture) =>
    (await detector.detect(picture)).map(({ format, rawValue }) => ({ format, text: rawValue }));
}

async function servedReader() {
  const zxing = await import("/static/zxing/reader/index.js");
  const locateFile = (name) => `/static/zxing/reader/${name}`;
  await zxing.prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  const names = { EAN13: "ean_13", EAN8: "ean_8", UPCA: "upc_a", UPCE: "upc_e" };
  const formats = [...Object.keys(names), "QRCode", "DataMatrix", "Code128"];
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return async (picture) => {
    const { videoWidth: width, videoHeight: height } = picture;
    Object.assign(pen.canvas, { width, height });
    pen.drawImage(picture, 0, 0);
    const pixels = pen.getImageData(0, 0, width, height);
    const found = await zxing.readBarcodes(pixels, { formats, maxNumberOfSymbols: 4 });
    return found
      .filter((each) => each.isValid)
      .map((each) => ({ format: names[each.format] || "other", text: each.text }));
  };
}

let reader;
// Asked for with the camera, so that it has come by the time somebody said yes to that.
const ready = () =>
  (reader ??= ownReader()
    .then((own) => own ?? servedReader())
    .catch((error) => { reader = undefined; throw error; }));

// --- what is seen ------------------------------------------------------------------------------

function say(name) {
  says.textContent = finder.dataset[name];
}

function isGoods({ format, text }) {
  return NUMBERS.includes(format) || GOODS.test(text);
}

async function look() {
  const began = Date.now();
  const mine = stream;
  let last = "";
  const read = await ready();
  while (stream === mine) {
    if (video.readyState >= video.HAVE_CURRENT_DATA) {
      const found = await read(video);
      if (stream !== mine) return;
      const goods = found.find(isGoods);
      // Bars that are read twice alike were not misread.
      if (goods && goods.text === last) return arrive(goods);
      last = goods?.text ?? "";
      if (!goods) say(found.length ? "other" : Date.now() - began > SLOW ? "slow" : "looking");
    }
    await new Promise((done) => setTimeout(done, EVERY));
  }
}

function arrive({ format, text }) {
  say("found");
  navigator.vibrate?.(60);
  stop();
  const query = new URLSearchParams(new FormData(form));
  query.set("code", text);
  if (format === "upc_e") query.set("kind", format);
  location.assign(`${form.action}?${query}`);
}

// --- the camera --------------------------------------------------------------------------------

const BECAUSE = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

async function start() {
  say("opening");
  open.disabled = true;
  try {
    ready().catch(() => {});
    const wish = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
    video.srcObject = stream;
    await video.play();
    show(true);
    say("looking");
    await look();
  } catch (error) {
    stop();
    say(BECAUSE[error.name] ?? "broken");
    form.elements.code.focus();
  } finally {
    open.disabled = false;
  }
}

function show(isOn) {
  finder.classList.toggle("on", isOn);
  [open.hidden, close.hidden] = [isOn, !isOn];
  const [track] = stream?.getVideoTracks() ?? [];
  torch.hidden = !(isOn && track?.getCapabilities?.().torch);
  torch.setAttribute("aria-pressed", "false");
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = video.srcObject = null;
  show(false);
}

async function light() {
  const isOn = torch.getAttribute("aria-pressed") !== "true";
  const [track] = stream?.getVideoTracks() ?? [];
  await track?.applyConstraints({ advanced: [{ torch: isOn }] }).then(
    () => torch.setAttribute("aria-pressed", String(isOn)),
    () => { torch.hidden = true; },
  );
}

if (navigator.mediaDevices?.getUserMedia) {
  finder.hidden = false;
  open.addEventListener("click", start);
  close.addEventListener("click", () => { stop(); says.textContent = ""; });
  torch.addEventListener("click", light);
  // A camera that nobody looks through is closed, also where the browser keeps the page.
  addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => document.hidden && stop());
}
